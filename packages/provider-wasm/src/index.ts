export { wasmProviderConfigSchema, type WasmProviderConfig } from './wasm-provider-config.ts';
export { createWasmProvider, wasmProvider } from './wasm-provider-definition.ts';
