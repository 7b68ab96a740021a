// @ts-check
// A model of the AI SDK runs code in a sandbox, on the embedded provider: nothing has to be installed or running, and no key is needed, since the model is a scripted
// one. Put a model of a service in its place. Needs Node 22 or newer, as the AI SDK does.
import { createCodeTool, runnerOfProvider } from '@sandport/agent';
import { sandportTool } from '@sandport/ai-sdk';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';

const code = 'def main(prices):\n    print(len(prices), "prices")\n    return sum(prices)\n';
const input = JSON.stringify({ language: 'python', code, arguments: { prices: [3, 4, 35] } });
const usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};
const model = new MockLanguageModelV4({
  doGenerate: [
    {
      content: [{ type: 'tool-call', toolCallId: 'call-1', toolName: 'run_code', input }],
      finishReason: { unified: 'tool-calls', raw: undefined },
      usage,
      warnings: [],
    },
    { content: [{ type: 'text', text: 'They come to 42.' }], finishReason: { unified: 'stop', raw: undefined }, usage, warnings: [] },
  ],
});

const provider = createProvider(wasmProvider, {});
const codeTool = createCodeTool({ runner: runnerOfProvider(provider) });
const { text, steps } = await generateText({
  model,
  tools: { run_code: sandportTool(codeTool) },
  stopWhen: stepCountIs(5),
  prompt: 'What do these prices come to: 3, 4, 35?',
});
await codeTool.close();
await provider.close();

for (const call of steps.flatMap(({ toolResults }) => toolResults)) {
  // The model was told the first, the program has the second.
  if (!call.dynamic)
    process.stdout.write(`${JSON.stringify(call.output.model)}\n${call.output.result?.status} in ${call.output.result?.isolation.kind}\n`);
}
process.stdout.write(`${text}\n`);
