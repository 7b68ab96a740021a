import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import type { GuestCarrier } from './guest-carrier.ts';
import { startGuest, type StartGuestOptions } from './start-guest.ts';

const FOUND = { folder: '/tmp/sandport-1', executable: '/usr/bin/python3', python: '3.12.1', node: null };
const SECRET = '0a'.repeat(32);
const FACTS = { ...FOUND, hardening: ['no-new-privileges'], network: 'none', user: 'own' };
const GOOD = { ...FACTS, secret: SECRET };

/** A sandbox in which boot.py prints these, one after the other. */
function start(outputs: readonly string[], changes: Partial<StartGuestOptions> = {}) {
  const uploaded: string[] = [];
  const remaining = [...outputs];
  const carrier: GuestCarrier = { isConcurrent: true, run: () => Promise.resolve(remaining.shift() ?? '') };
  const client = {
    upload: (_sandboxId: string, path: string): Promise<void> => {
      uploaded.push(path);
      return Promise.resolve();
    },
  };
  const options = {
    client,
    carrier,
    sandboxId: 's',
    language: 'python',
    programNetwork: 'none',
    signal: new AbortController().signal,
    ...changes,
  } as const;
  return { started: startGuest(options), uploaded };
}

describe('startGuest', () => {
  test('reads what was found, whatever was printed around it', async () => {
    const { started } = start([`motd\n${JSON.stringify(GOOD)}\n`]);
    expect(await started).toEqual({ facts: FACTS, secret: Buffer.from(SECRET, 'hex') });
  });

  test('starts another supervisor when it cannot be read what came of the first', async () => {
    const { started, uploaded } = start(['', '{"folder":"/tmp', JSON.stringify(GOOD)]);
    expect((await started).facts.user).toBe('own');
    expect(new Set(uploaded).size).toBe(3);
  });

  test.each([
    [{ ...FOUND, problem: 'no-node' }, {}, 'RUNTIME_MISSING', 'no-node'],
    [{ ...FOUND, problem: 'not-started', log: 'SyntaxError' }, {}, 'RUNTIME_MISSING', 'supervisor'],
    [{ ...FOUND, problem: 'no-runner', log: 'PermissionError' }, {}, 'ISOLATION_MISMATCH', 'network'],
    [{ ...FOUND, problem: 'no-runner', log: 'PermissionError' }, { programNetwork: 'template' }, 'RUNTIME_MISSING', 'supervisor'],
    [{ ...GOOD, user: 'shared' }, {}, 'ISOLATION_MISMATCH', 'shared-user'],
  ] as const)('says of %j (%j) that it is %s %s', async (facts, changes, code, reason) => {
    await expect(start([JSON.stringify(facts)], changes).started).rejects.toMatchObject({ code, details: { reason } });
  });

  test('uses a shared user where that was chosen', async () => {
    const said = { ...GOOD, user: 'shared' };
    expect((await start([JSON.stringify(said)], { programNetwork: 'filtered' }).started).facts).toEqual({ ...FACTS, user: 'shared' });
  });
});
