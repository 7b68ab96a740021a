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
    const figure = result.artifacts.files.find(({ path }) => path === 'figure.png');
    expect(figure).toMatchObject({ mediaType: 'image/png' });
    expect([...(figure?.content.subarray(0, 4) ?? [])]).toEqual(PNG_SIGNATURE);
  });

  it('brings back a figure that the program only drew, from a program and from a cell', async () => {
    const code = 'import pandas\npandas.DataFrame({"value": [1, 2, 3]}).plot()\n';
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const context = await sandbox.createContext();
    for (const result of [await sandbox.execute({ language: 'python', code }), await context.execute({ code })]) {
      expect(result).toMatchObject({ status: 'completed', stderr: '' });
      const [figure, ...others] = result.artifacts.files;
      expect(figure?.path).toMatch(/^display\/000[12]\.png$/);
      expect(figure?.mediaType).toBe('image/png');
      expect([...(figure?.content.subarray(0, 4) ?? [])]).toEqual(PNG_SIGNATURE);
      expect(others).toEqual([]);
    }
  });

  it('lets no two programs draw the same random numbers', async () => {
    const code = 'import random, numpy\ndef main():\n    return [random.random(), float(numpy.random.rand())]\n';
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const draws = [await sandbox.execute({ language: 'python', code }), await sandbox.execute({ language: 'python', code })];
    expect(new Set(draws.flatMap((result) => (result.status === 'completed' ? result.value : result.status))).size).toBe(4);
  });

  it.each([
    ['require', "const axios = require('axios');\nfunction main() { return typeof axios.get; }\n"],
    ['import', "import axios from 'axios';\nexport function main() { return typeof axios.get; }\n"],
  ])('has axios for %s', async (_way, code) => {
    expect(await execute({ language: 'javascript', code })).toMatchObject({ status: 'completed', value: 'function' });
  });
});
