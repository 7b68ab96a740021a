import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProvider, type ExecutionResult, type SandboxProvider } from '@sandport/core';
import { wasmProvider } from '../../src/index.ts';

const TIMEOUT_MS = 60_000;
let provider: SandboxProvider;

beforeAll(() => {
  provider = createProvider(wasmProvider, {});
});

afterAll(() => provider.close());

async function run(code: string): Promise<ExecutionResult> {
  await using sandbox = await provider.createSandbox({ language: 'python' });
  return await sandbox.execute({ language: 'python', code });
}

describe('what is taken from a child process', () => {
  test('is the same in results, evidence and health', { timeout: TIMEOUT_MS }, async () => {
    const { isolation, evidence } = await run('pass');
    expect(isolation.kind).toBe('wasm');
    expect(isolation.hardening).toContain('runtime-permissions');
    expect(evidence).toContainEqual({
      kind: 'isolation',
      observer: 'supervisor',
      isolation: 'wasm',
      measuredBy: isolation.measuredBy,
      hardening: isolation.hardening,
    });
    const health = await provider.checkHealth();
    expect(health).toMatchObject({ status: 'healthy', isolation });
  });

  test.runIf(process.platform === 'linux' && process.getuid?.() === 0 && hasTools())(
    'is all that can be, for root on Linux with its tools',
    { timeout: TIMEOUT_MS },
    async () => {
      const { isolation } = await run('pass');
      expect(isolation.hardening).toEqual([
        'user',
        'capabilities',
        'no-new-privileges',
        'network-namespace',
        'resource-limits',
        'runtime-permissions',
      ]);
    },
  );
});

function hasTools(): boolean {
  try {
    execFileSync('unshare', ['--net', 'setpriv', '--no-new-privs', 'prlimit', '--core=0', 'true'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // Not there, or not allowed: then less is taken, and results say so.
    if (error instanceof Error) return false;
    throw error;
  }
}
