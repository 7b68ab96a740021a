import { HarnessAgent } from '@ai-sdk/harness/agent';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { afterAll, describe, expect, test } from 'vitest';
import { createHarnessSandbox, createSandboxSession } from '../src/index.ts';
import { RecordingRunner } from './recording-runner.ts';
import { scriptedHarness, type Turn } from './scripted-harness.ts';
import { runProgram } from './snippets.ts';

const provider = createProvider(dockerProvider, {});
const runner = new RecordingRunner(runnerOfProvider(provider));
const sandbox = createHarnessSandbox({ runner });

afterAll(() => provider.close());

/** What a coding agent does: looks around, writes a program, runs it. */
const work: Turn = async ({ sandboxSession, sessionWorkDir }) => {
  const prepared = await sandboxSession.readTextFile({ path: 'scripted-tools/begun.txt' });
  await sandboxSession.writeTextFile({ path: `${sessionWorkDir}/src/answer.py`, content: 'print(6 *' });
  // Files and commands are of one user: a command adds to what was written as a file.
  const command = 'echo " 7)" >> src/answer.py && python3 src/answer.py';
  const { stdout, exitCode } = await sandboxSession.run({ command, workingDirectory: sessionWorkDir });
  return `${prepared?.split(' ')[0]}, ${exitCode}, ${stdout.trim()}`;
};

describe('an agent of the framework', () => {
  test('works in a sandbox of ours, which it makes, prepares and ends', async () => {
    const agent = new HarnessAgent({ harness: scriptedHarness(work), sandbox });
    const session = await agent.createSession();
    const { text } = await agent.generate({ session, prompt: 'What is six times seven?' });
    expect(text).toBe('prepared, 0, 42');
    expect(await runner.isLastEnded()).toBe(false);
    await session.destroy();
    expect(await runner.isLastEnded()).toBe(true);
  });

  test('streams what its runtime says', async () => {
    const agent = new HarnessAgent({ harness: scriptedHarness(work), sandbox });
    const session = await agent.createSession();
    const { textStream } = await agent.stream({ session, prompt: 'What is six times seven?' });
    let text = '';
    for await (const part of textStream) text += part;
    expect(text).toBe('prepared, 0, 42');
    await session.stop();
    expect(await runner.isLastEnded()).toBe(true);
  });

  test('works in a sandbox that somebody else keeps', async () => {
    await using kept = await createSandboxSession({ runner });
    const agent = new HarnessAgent({ harness: scriptedHarness(work) });
    const session = await agent.createSession({ sandboxSession: kept });
    expect((await agent.generate({ session, prompt: 'Go' })).text).toBe('prepared, 0, 42');
    await session.destroy();
    expect((await kept.run({ command: 'cat */src/answer.py' })).stdout).toBe('print(6 * 7)\n');
  });

  test('leaves no sandbox behind when it cannot be prepared', async () => {
    const agent = new HarnessAgent({ harness: scriptedHarness(work, ['echo "no such tool" >&2; exit 9']), sandbox });
    await expect(agent.createSession()).rejects.toThrow('exit 9');
    expect(await runner.isLastEnded()).toBe(true);
  });

  test('does not make a sandbox when it was withdrawn', async () => {
    const before = runner.made.length;
    const agent = new HarnessAgent({ harness: scriptedHarness(work), sandbox });
    await expect(agent.createSession({ abortSignal: AbortSignal.abort(new Error('not wanted')) })).rejects.toThrow('not wanted');
    expect(runner.made).toHaveLength(before);
  });

  test('is told that a session cannot be resumed', async () => {
    const agent = new HarnessAgent({ harness: scriptedHarness(work), sandbox });
    const session = await agent.createSession();
    const state = await session.stop();
    await expect(agent.createSession({ resumeFrom: state })).rejects.toThrow('does not support resume');
  });
});

test.each(['session', 'harness'])('the program %s of the README gives what it says', async (name) => {
  const { given, promised } = await runProgram(name);
  expect(given).toEqual(promised);
  expect(given).not.toEqual([]);
});
