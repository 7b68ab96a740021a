import { createServer, type Server } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProvider, SandboxError, type HealthReport } from '@sandport/core';
import { dockerProvider } from '../src/index.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** What a caller is promised for an engine that is down, lacks a runtime or lacks an image. */
const VERDICT_TIMEOUT_MS = 5_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-engine-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function failureOf(config: object): Promise<{ error: SandboxError; health: HealthReport }> {
  await using provider = createProvider(dockerProvider, config);
  const error: unknown = await provider.createSandbox({ language: 'python' }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const health = await provider.checkHealth();
  if (!SandboxError.isInstance(error)) throw new Error('expected a SandboxError', { cause: error });
  return { error, health };
}

function failedChecks(health: HealthReport): string[] {
  return health.checks.filter((check) => check.status === 'failed').map((check) => check.name);
}

describe('an engine that cannot serve', () => {
  it('is named with its remedy when nothing listens', { timeout: 2 * VERDICT_TIMEOUT_MS }, async () => {
    const { error, health } = await failureOf({ dockerHost: `unix://${join(folder, 'absent.sock')}` });
    expect(error.code).toBe('PROVIDER_UNAVAILABLE');
    expect(error.suggestion).toContain('dockerHost');
    expect(failedChecks(health)).toEqual(['engine']);
    expect(health.isolation).toBeNull();
  });

  it('is given up in time when it takes connections and never answers', { timeout: 2 * VERDICT_TIMEOUT_MS }, async () => {
    const path = join(folder, 'silent.sock');
    const server = createServer((socket) => void sockets.push(socket));
    const sockets: { destroy(): void }[] = [];
    await listen(server, path);
    try {
      const { error, health } = await failureOf({ dockerHost: `unix://${path}` });
      expect(error.code).toBe('PROVIDER_UNAVAILABLE');
      expect(failedChecks(health)).toEqual(['engine']);
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('names a runtime that it does not know', { timeout: 2 * VERDICT_TIMEOUT_MS }, async () => {
    const { error, health } = await failureOf({ runtime: 'no-such-runtime' });
    expect(error.code).toBe('RUNTIME_MISSING');
    expect(error.message).toContain('no-such-runtime');
    expect(failedChecks(health)).toEqual(['runtime']);
  });

  it('names an image that it does not have', { timeout: 2 * VERDICT_TIMEOUT_MS }, async () => {
    const { error, health } = await failureOf({
      pythonImage: 'sandport/no-such-image:none',
      javascriptImage: 'sandport/no-such-image:none',
    });
    expect(error.code).toBe('RUNTIME_MISSING');
    expect(error.suggestion).toContain('sandport images build');
    expect(failedChecks(health)).toEqual(['image.python', 'image.javascript']);
  });

  it('is refused when the isolation inside is weaker than what was demanded', async () => {
    const { error, health } = await failureOf({ isolation: 'gvisor', runtime: 'runc' });
    expect(error.code).toBe('ISOLATION_MISMATCH');
    expect(error.details).toEqual({ demanded: 'gvisor', measured: 'runc' });
    expect(failedChecks(health)).toEqual(['run.python', 'run.javascript']);
  });
});

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
