import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createProvider, type SandboxProvider } from '@sandport/core';
import { findProvider } from '../../src/find-provider.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOWED_CALLS, matchCall } from '../../src/engine-guard/allowed-calls.ts';
import { EngineConnection } from '../../src/engine-guard/engine-connection.ts';
import { EngineGuard } from '../../src/engine-guard/engine-guard.ts';
import { DEFAULT_GUARD_LIMITS } from '../../src/engine-guard/guard-limits.ts';
import { EngineRecorder } from './engine-recorder.ts';

const enginePath = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
const refusals: string[] = [];

let folder: string;
let guardPath: string;
let guard: EngineGuard;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-guard-'));
  guardPath = join(folder, 'engine.sock');
  guard = new EngineGuard({
    engine: new EngineConnection(enginePath),
    limits: DEFAULT_GUARD_LIMITS,
    onRefusal: (method, target, error) => refusals.push(`${method} ${target}: ${error.message}`),
  });
  await guard.listen(guardPath);
});

afterAll(async () => {
  await guard.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks something of an engine, or of what stands for one. */
async function ask(socketPath: string, method: string, path: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const sent = body === undefined ? '' : JSON.stringify(body);
  const asked = request({
    socketPath,
    method,
    path,
    agent: false,
    headers: { 'Content-Type': 'application/json', 'Content-Length': sent.length },
  });
  const answered = once(asked, 'response');
  asked.end(sent);
  const [response] = (await answered) as [IncomingMessage];
  const said = await text(response);
  return { status: response.statusCode ?? 0, answer: said === '' ? undefined : (JSON.parse(said) as unknown) };
}

/** All that a provider does: a look at itself, calls, a context, a sandbox that is found again, an end. */
async function live(dockerHost: string): Promise<void> {
  const open = (): SandboxProvider => createProvider(findProvider('docker'), { isolation: 'gvisor', dockerHost });
  const provider = open();
  try {
    expect((await provider.checkHealth()).status).not.toBe('unhealthy');
    const sandbox = await provider.createSandbox({ language: 'python', reconnectable: true });
    expect(await sandbox.execute({ language: 'python', code: 'def main():\n    return 42\n' })).toMatchObject({
      status: 'completed',
      value: 42,
    });
    const other = open();
    try {
      const again = await other.connectSandbox(sandbox.id);
      expect(await again.execute({ language: 'python', code: 'print("again")' })).toMatchObject({ status: 'completed', stdout: 'again\n' });
      await again.destroy();
    } finally {
      await other.close();
    }
  } finally {
    await provider.close();
  }
}

describe('the calls that a guard lets pass', () => {
  it('are the ones that a provider makes, and no others', async () => {
    const recorder = await EngineRecorder.open(enginePath);
    try {
      await live(`unix://${recorder.socketPath}`);
    } finally {
      await recorder.close();
    }
    const matched = recorder.calls.map(({ method, target }) => ({ asked: `${method} ${target}`, call: matchCall(method, target)?.call }));
    expect(matched.filter(({ call }) => call === undefined)).toEqual([]);
    const made = new Set(matched.map(({ call }) => call));
    expect(ALLOWED_CALLS.filter((call) => !made.has(call))).toEqual([]);
  });
});

describe('a provider behind a guard', () => {
  it('does all that it does without, and is refused nothing', async () => {
    refusals.length = 0;
    await live(`unix://${guardPath}`);
    expect(refusals).toEqual([]);
  });

  it('leaves no container when the guard is gone', async () => {
    const lonely = new EngineGuard({ engine: new EngineConnection(enginePath), limits: DEFAULT_GUARD_LIMITS });
    const socketPath = join(folder, 'lonely.sock');
    await lonely.listen(socketPath);
    const provider = createProvider(findProvider('docker'), { dockerHost: `unix://${socketPath}`, warmContainers: 0 });
    const sandbox = await provider.createSandbox({ language: 'python' });
    expect((await ask(enginePath, 'GET', `/containers/${sandbox.id}/json`)).status).toBe(200);
    await lonely.close();
    await expect.poll(async () => (await ask(enginePath, 'GET', `/containers/${sandbox.id}/json`)).status, { timeout: 20_000 }).toBe(404);
    await provider.close();
  });
});

describe('a container of somebody else', () => {
  let stranger: string;
  beforeAll(async () => {
    const body = {
      Image: 'sandport/python:minimal',
      Env: ['SECRET=1'],
      Entrypoint: ['/bin/sleep', '600'],
      HostConfig: { NetworkMode: 'none', Runtime: 'runc' },
    };
    const { answer } = await ask(enginePath, 'POST', '/containers/create', body);
    stranger = (answer as { Id: string }).Id;
  });
  afterAll(() => ask(enginePath, 'DELETE', `/containers/${stranger}?force=1`));

  it.each([
    ['GET', '/json'],
    ['POST', '/start'],
    ['POST', '/attach?stream=1&stdin=1'],
    ['DELETE', '?force=true'],
  ])('is not reached by %s %s', async (method, rest) => {
    expect(await ask(guardPath, method, `/containers/${stranger}${rest}`)).toMatchObject({ status: 403 });
    expect((await ask(enginePath, 'GET', `/containers/${stranger}/json`)).status).toBe(200);
  });

  it('is in no list', async () => {
    const { status, answer } = await ask(guardPath, 'GET', '/containers/json?all=1');
    expect(status).toBe(200);
    expect(JSON.stringify(answer)).not.toContain(stranger);
  });
});
