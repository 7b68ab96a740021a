// @ts-check
// A deep agent whose files and shell are in a sandbox of Docker. `sandport images build` makes the images first. The model is a script, so that this runs without a
// key; put any chat model of LangChain in its place.
import { AIMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { createSandboxBackend } from '@sandport/langchain/deepagents';
import { dockerProvider } from '@sandport/provider-docker';
import { CompositeBackend, createDeepAgent, StateBackend } from 'deepagents';

const provider = createProvider(dockerProvider, {});
try {
  const sandbox = await createSandboxBackend({ runner: runnerOfProvider(provider), limits: { timeoutMs: 60_000 } });
  try {
    const file = `${sandbox.workFolder}/answer.py`;
    const model = fakeModel()
      .respondWithTools([{ name: 'write_file', args: { file_path: file, content: 'print(6 * 7)\n' } }])
      .respondWithTools([{ name: 'execute', args: { command: `python3 ${file}` } }])
      .respond((messages) => new AIMessage(`It printed ${messages.at(-1)?.text}`));
    const agent = createDeepAgent({
      model,
      // deepagents puts long answers of tools and old messages below these paths, which no sandbox lets it write.
      backend: new CompositeBackend(sandbox, { '/large_tool_results/': new StateBackend(), '/conversation_history/': new StateBackend() }),
      systemPrompt: `Your files are in ${sandbox.workFolder}. There is no network.`,
    });
    const { messages } = await agent.invoke({
      messages: [{ role: 'user', content: 'Write a program that gives the answer, and run it.' }],
    });
    process.stdout.write(`${messages.at(-1)?.text}\n`);
  } finally {
    await sandbox.close();
  }
} finally {
  await provider.close();
}
