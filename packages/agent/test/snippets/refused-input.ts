import { createCodeTool, runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';

await using provider = createProvider(wasmProvider, {});
const tool = createCodeTool({ runner: runnerOfProvider(provider) });

const { model } = await tool.run({ language: 'bash', code: 'ls' });

export const told = `${model.status}: ${model.error}`; // refused: language: Invalid option: expected one of "python"|"javascript".
