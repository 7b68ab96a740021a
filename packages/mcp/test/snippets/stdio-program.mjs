import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { serveStdio } from '@sandport/mcp';
import { wasmProvider } from '@sandport/provider-wasm';

const provider = createProvider(wasmProvider, {});
await serveStdio({ tool: { runner: runnerOfProvider(provider) } });
await provider.close();
