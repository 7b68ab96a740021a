// @ts-check
/** A server of the Model Context Protocol over stdio, in front of a provider that runs nothing. */
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { serveStdio } from '@sandport/mcp';
import { instantProvider } from './instant-provider.mjs';

const provider = createProvider(instantProvider, {});
await serveStdio({ tool: { runner: runnerOfProvider(provider) } });
await provider.close();
