// @ts-check
import { createSandboxClient } from '@sandport/client';
import { wasmProvider } from '@sandport/provider-wasm';

const client = createSandboxClient({ provider: wasmProvider });
try {
  const result = await client.execute({
    code: 'def main(a, b):\n    return a + b\n',
    arguments: { a: 40, b: 2 },
    limits: { timeoutMs: 5000 },
  });
  console.log(result.status === 'completed' ? result.value : result);
} finally {
  await client.close();
}
