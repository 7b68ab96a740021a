import { runnerOfProvider } from '@sandport/agent';
import { createProvider, LANGUAGES } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandEndedError, createSandboxSession, type SandboxSession } from '../src/index.ts';
import { RecordingRunner } from './recording-runner.ts';
import { SESSION_CASES } from './session-cases.ts';

const provider = createProvider(dockerProvider, {});
const runner = new RecordingRunner(runnerOfProvider(provider));

afterAll(() => provider.close());

describe.each(LANGUAGES)('a session whose commands are started by %s', (language) => {
  let session: SandboxSession;

  beforeAll(async () => {
    session = await createSandboxSession({ runner, language });
  });

  afterAll(() => session.stop());

  test.each(SESSION_CASES)('%s', (_what, check) => check(session));
});

describe('a session', () => {
  let session: SandboxSession;

  beforeAll(async () => {
    session = await createSandboxSession({ runner, limits: { timeoutMs: 1500, outputBytes: 1000 } });
  });

  afterAll(() => session.stop());

  test('is not misled by files that are called as parts of the library are', async () => {
    await session.writeTextFile({ path: 'subprocess.py', content: 'raise SystemExit(1)\n' });
    await session.writeTextFile({ path: 'stat.py', content: 'raise SystemExit(1)\n' });
    await session.writeTextFile({ path: '.bashrc', content: 'echo mislead\n' });
    expect(await session.run({ command: 'echo fine' })).toEqual({ exitCode: 0, stdout: 'fine\n', stderr: '' });
  });

  test.each([
    ['timed-out', 'echo before; sleep 1000'],
    ['output-limit-exceeded', 'yes before'],
    ['killed', 'echo before; kill -9 $PPID'],
  ])('invents no exit code for a command that was ended: %s', async (status, command) => {
    const outcome = await session.run({ command }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(CommandEndedError);
    expect(outcome).toMatchObject({
      message: expect.stringContaining(status) as unknown,
      result: { status, stdout: expect.stringContaining('before') as unknown },
    });
  });

  test('invents none for a process either', async () => {
    const spawned = await session.spawn({ command: 'kill -9 $PPID' });
    await expect(spawned.wait()).rejects.toBeInstanceOf(CommandEndedError);
  });

  test('tells what it is, and what it is not', async () => {
    expect(session.description).toContain(session.defaultWorkingDirectory);
    expect(session.description).toContain('1500 ms');
    expect(session.description).toContain('no network');
    expect(session.ports).toEqual([]);
    const refusal = { code: 'CAPABILITY_UNSUPPORTED', details: { capability: 'network' } };
    await expect(session.getPortEndpoint({ port: 3000 })).rejects.toMatchObject(refusal);
    await expect(session.getPortUrl({ port: 3000 })).rejects.toMatchObject(refusal);
    await expect(session.setNetworkPolicy({ mode: 'allow-all' })).rejects.toMatchObject(refusal);
    await session.setNetworkPolicy({ mode: 'deny-all' });
  });

  test('gives tools a view of itself that cannot end it', async () => {
    const view = session.restricted();
    for (const name of ['stop', 'destroy', 'id', 'setNetworkPolicy', Symbol.asyncDispose]) expect(name in view).toBe(false);
    await view.writeTextFile({ path: 'shared.txt', content: 'same' });
    expect((await session.run({ command: 'cat shared.txt' })).stdout).toBe('same');
  });
});

test('a session that was stopped says so, and takes along what runs in it', async () => {
  const session = await createSandboxSession({ runner });
  const spawned = await session.spawn({ command: 'echo begun; sleep 1000' });
  await spawned.stdout.getReader().read();
  await Promise.all([session.stop(), session.destroy()]);
  await expect(spawned.wait()).rejects.toBeInstanceOf(Error);
  await expect(session.run({ command: 'ls' })).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
  expect(await runner.isLastEnded()).toBe(true);
});

test('what is written to a process that never began fails', async () => {
  const session = await createSandboxSession({ runner });
  await session.stop();
  const spawned = await session.spawn({ command: 'cat', stdin: true });
  if (!('stdin' in spawned)) throw new Error('it takes no input');
  await expect(spawned.wait()).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
  await expect(spawned.stdin.getWriter().write(Buffer.from('x'))).rejects.toThrow('has ended');
});

test('a sandbox that says nonsense of itself is ended', async () => {
  const nonsense = new RecordingRunner({
    ...runnerOfProvider(provider),
    createSandbox: async (options, call) => {
      const sandbox = await provider.createSandbox(options, call);
      const execute: typeof sandbox.execute = (request, rest) =>
        sandbox.execute({ ...request, code: 'def main(**given): return {}\n' }, rest);
      return {
        id: sandbox.id,
        language: sandbox.language,
        expiresAtMs: sandbox.expiresAtMs,
        execute,
        createContext: () => sandbox.createContext(),
        context: (id) => sandbox.context(id),
        writeFile: (path, content, rest) => sandbox.writeFile(path, content, rest),
        readFile: (path, rest) => sandbox.readFile(path, rest),
        readFileStream: (path, rest) => sandbox.readFileStream(path, rest),
        extend: (lifetimeMs, rest) => sandbox.extend(lifetimeMs, rest),
        destroy: () => sandbox.destroy(),
        [Symbol.asyncDispose]: () => sandbox.destroy(),
      };
    },
  });
  await expect(createSandboxSession({ runner: nonsense })).rejects.toBeInstanceOf(CommandEndedError);
  expect(await nonsense.isLastEnded()).toBe(true);
});
