// @ts-check
// An agent of LangChain that works out what it cannot know. The model is a script, so that this runs without a key; put any chat model of LangChain in its place.
import { AIMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { createLangChainTool } from '@sandport/langchain';
import { wasmProvider } from '@sandport/provider-wasm';
import { createAgent } from 'langchain';

const model = fakeModel()
  .respondWithTools([
    {
      name: 'run_code',
      args: { language: 'python', code: 'def main(column):\n    return sum(column)\n', arguments: { column: [3, 4, 35] } },
    },
  ])
  .respond((messages) => new AIMessage(`The tool said ${messages.at(-1)?.text}`));

const provider = createProvider(wasmProvider, {});
const tool = createLangChainTool({
  runner: runnerOfProvider(provider),
  limits: { timeoutMs: 10_000 },
  onOutcome: ({ result }) => process.stdout.write(`${result?.status}, isolated by ${result?.isolation.kind}\n`),
});
try {
  const agent = createAgent({ model, tools: [tool] });
  const { messages } = await agent.invoke({ messages: [{ role: 'user', content: 'What is the sum of the column?' }] });
  process.stdout.write(`${messages.at(-1)?.text}\n`);
} finally {
  await tool.close();
  await provider.close();
}
