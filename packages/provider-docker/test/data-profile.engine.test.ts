import { createProvider, type ExecutionRequestInput, type ExecutionResult } from '@sandport/core';
import { afterAll, describe, expect, it } from 'vitest';
import { dockerProvider } from '../src/index.ts';

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];

describe.each(['gvisor', 'runc'])('the data profile under %s', (isolation) => {
  const provider = createProvider(dockerProvider, { isolation, profile: 'data', warmContainers: 0 });
  afterAll(() => provider.close());

  async function execute(request: ExecutionRequestInput & { language: 'python' | 'javascript' }): Promise<ExecutionResult> {
    await using sandbox = await provider.createSandbox({ language: request.language });
    return await sandbox.execute(request);
  }

  it('computes with numpy and pandas and brings back a figure of matplotlib', async () => {
    const result = await execute({
      language: 'python',
      code: [
        'import matplotlib.pyplot as plot, numpy, pandas, requests',
        'def main(values):',
        '    frame = pandas.DataFrame({"value": numpy.array(values)})',
        '    frame.plot()',
        '    plot.savefig("artifacts/figure.png")',
        '    return {"sum": int(frame["value"].sum()), "requests": requests.__name__}',
      ].join('\n'),
      arguments: { values: [1, 2, 3] },
    });
    expect(result).toMatchObject({ status: 'completed', value: { sum: 6, requests: 'requests' }, stderr: '' });
    const [figure] = result.artifacts.files;
    expect(figure).toMatchObject({ path: 'figure.png', mediaType: 'image/png' });
    expect([...(figure?.content.subarray(0, 4) ?? [])]).toEqual(PNG_SIGNATURE);
  });

  it.each([
    ['require', "const axios = require('axios');\nfunction main() { return typeof axios.get; }\n"],
    ['import', "import axios from 'axios';\nexport function main() { return typeof axios.get; }\n"],
  ])('has axios for %s', async (_way, code) => {
    expect(await execute({ language: 'javascript', code })).toMatchObject({ status: 'completed', value: 'function' });
  });
});
