import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startFakeE2b } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { storedConfig } from '../fake-service.ts';
import { connectionTo } from './vendor-call.ts';

const CALLER = fileURLToPath(new URL('failing-call.mjs', import.meta.url));

function startCaller(whose: 'sdk' | 'ours', options: object): { readonly child: ChildProcess; readonly said: Promise<unknown> } {
  const child = spawn(process.execPath, [CALLER, whose, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = once(createInterface(child.stdout), 'line').then(([text]) => JSON.parse(String(text)) as unknown);
  const silence = once(child, 'exit').then(() => 'nothing was said');
  return { child, said: Promise.race([line, silence]) };
}

describe('a process in which running code has failed', () => {
  test('is kept alive by a timer of the SDK', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add({ match: { operation: 'ExecuteCode' }, fault: { kind: 'status', status: 500 } });
    const { child, said } = startCaller('sdk', connectionTo(fake));
    try {
      expect(await said).toEqual({ name: 'SandboxError', timers: ['Timeout'] });
      expect(child.exitCode).toBeNull();
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'exit');
  });

  test('ends by itself with ours', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add({ match: { operation: 'ExecuteCode' }, fault: { kind: 'status', status: 403 } });
    const { child, said } = startCaller('ours', storedConfig(fake, { way: 'code-interpreter' }));
    const ended = once(child, 'exit');
    expect(await said).toEqual({ name: 'SandboxError', timers: [] });
    expect(await ended).toEqual([0, null]);
    expect(fake.sandboxes()).toEqual([]);
  });
});
