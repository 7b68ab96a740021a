// @ts-check
import { executeCode } from '@sandport/client';
import { wasmProvider } from '@sandport/provider-wasm';
const result = await executeCode('def main(name): return f"Hello {name}!"', { provider: wasmProvider, arguments: { name: 'World' } });

console.log(result.status === 'completed' ? result.value : result);
