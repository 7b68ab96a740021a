// One line for each provider, in the order of their names: nothing else names all of them.
export { aliyunProvider } from '@sandport/provider-aliyun';
export { dockerProvider } from '@sandport/provider-docker';
export { e2bProvider } from '@sandport/provider-e2b';
export { selfManagedProvider } from '@sandport/provider-self-managed';
export { wasmProvider } from '@sandport/provider-wasm';
