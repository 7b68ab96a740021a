// A server over stdio, as a client of the protocol starts it.
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { serveStdio } from '@sandport/mcp';
import { wasmProvider } from '@sandport/provider-wasm';

const provider = createProvider(wasmProvider, {});
await serveStdio({ tool: { runner: runnerOfProvider(provider) } });
await provider.close();
process.stderr.write('ended\n');
