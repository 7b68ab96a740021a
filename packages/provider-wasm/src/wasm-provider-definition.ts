import { defineProvider, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { wasmProviderConfigSchema, type WasmProviderConfig } from './wasm-provider-config.ts';
import { WasmProvider } from './wasm-provider.ts';

/** Makes a provider from a checked configuration, without I/O. */
export function createWasmProvider(config: WasmProviderConfig): SandboxProvider {
  return new WasmProvider(config);
}

/** The embedded engine, as an application lists it. */
export const wasmProvider: ProviderDefinition<typeof wasmProviderConfigSchema> = defineProvider({
  id: 'wasm',
  displayName: 'WebAssembly, embedded',
  description:
    'Runs Python and JavaScript in WebAssembly on this machine, each program in a child process of its own. Nothing to install, no network, standard library only.',
  tags: ['embedded', 'wasm'],
  languages: ['python', 'javascript'],
  configSchema: wasmProviderConfigSchema,
  create: createWasmProvider,
});
