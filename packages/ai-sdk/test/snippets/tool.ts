import { createCodeTool, runnerOfProvider } from '@sandport/agent';
import { sandportTool } from '@sandport/ai-sdk';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { generateText, stepCountIs } from 'ai';
import { model } from '../model.ts';

await using provider = createProvider(wasmProvider, {});
await using code = createCodeTool({ runner: runnerOfProvider(provider) });

const { text, steps } = await generateText({
  model, // Any model of the AI SDK.
  tools: { run_code: sandportTool(code) },
  stopWhen: stepCountIs(5),
  prompt: 'How many of the first 1000 numbers are prime?',
});

const [outcome] = steps.flatMap(({ toolResults }) => toolResults.flatMap((call) => (call.dynamic ? [] : [call.output])));
export const told = JSON.stringify(outcome?.model); // {"status":"completed","value":"168"}
export const value = outcome?.result?.status === 'completed' ? outcome.result.value : undefined; // 168
export const answer = text; // There are 168.
