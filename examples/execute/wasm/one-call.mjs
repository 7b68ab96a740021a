// @ts-check
// One call on the embedded provider: nothing has to be installed or running.
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';

await using provider = createProvider(wasmProvider, {});
await using sandbox = await provider.createSandbox({ language: 'python' });
const result = await sandbox.execute({
  language: 'python',
  code: 'def main(name):\n    return f"Hello {name}!"\n',
  arguments: { name: 'World' },
});
process.stdout.write(`${result.status === 'completed' ? result.valueJson : result.status}\n`);
