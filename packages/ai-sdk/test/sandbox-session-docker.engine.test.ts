import { HarnessAgent } from '@ai-sdk/harness/agent';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider, LANGUAGES } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHarnessSandbox, createSandboxSession, type SandboxSession } from '../src/index.ts';
import { scriptedHarness } from './scripted-harness.ts';
import { SESSION_CASES } from './session-cases.ts';
import { runProgram } from './snippets.ts';

const provider = createProvider(dockerProvider, {});
const runner = runnerOfProvider(provider);

afterAll(() => provider.close());

describe.each(LANGUAGES)('under gVisor, a session whose commands are started by %s', (language) => {
  let session: SandboxSession;

  beforeAll(async () => {
    session = await createSandboxSession({ runner, language });
  });

  afterAll(() => session.stop());

  test.each(SESSION_CASES)('%s', (_what, check) => check(session));
});

test('an agent of the framework works in a container, whose files and commands are of one user', async () => {
  const harness = scriptedHarness(async ({ sandboxSession, sessionWorkDir }) => {
    await sandboxSession.writeTextFile({ path: `${sessionWorkDir}/log.txt`, content: 'one\n' });
    const { stdout } = await sandboxSession.run({
      command: 'echo two >> log.txt && cat log.txt && id -u',
      workingDirectory: sessionWorkDir,
    });
    return stdout;
  });
  const agent = new HarnessAgent({ harness, sandbox: createHarnessSandbox({ runner }) });
  const session = await agent.createSession();
  const { text } = await agent.generate({ session, prompt: 'Go' });
  expect(text).toBe('one\ntwo\n65534\n');
  await session.destroy();
});

test.each(['session', 'harness'])('the program %s of the README gives what it says', async (name) => {
  const { given, promised } = await runProgram(name);
  expect(given).toEqual(promised);
  expect(given).not.toEqual([]);
});
