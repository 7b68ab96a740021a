import type { EventOf } from '@sandport/admin-api';
import { startFakeE2b } from '@sandport/fakes';
import { beforeEach, describe, expect, test } from 'vitest';
import { configure, openSandbox, type SandboxUnderTest } from './sandbox-under-test.ts';
import { Journal, scriptedProvider } from './scripted-provider.ts';

type Events = EventOf<'tryConfiguration'>[];

const findingsIn = (events: Events) => events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []));

function passportIn(events: Events) {
  const last = events.at(-1);
  if (last?.type !== 'passport') throw new Error(`ended with ${JSON.stringify(last)}`);
  return last.passport;
}

describe('a trial', () => {
  test('of the embedded provider tells what it proves as it goes, and keeps it', { timeout: 120_000 }, async () => {
    const sandbox = await openSandbox();
    await configure(sandbox, 'wasm');
    const change = { providers: { wasm: { config: { maxChildren: 3 } } } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'three', base: 1 } });
    const cases = ['values/printed-lookalikes', 'arguments/looks-like-code'];
    const events = await sandbox.follow('tryConfiguration', { body: { providerId: 'wasm', version, cases } });
    const passport = passportIn(events);
    const findings = findingsIn(events);
    // On a crowded machine a limit may bite later than the contract lets it; what does not depend on time is proven anywhere.
    expect(findings.filter(({ kind, outcome }) => kind !== 'limit' && outcome === 'failed')).toEqual([]);
    expect([passport.isolation?.kind, passport.languages]).toEqual(['wasm', ['python', 'javascript']]);
    expect(passport.passed).toBe(findings.every(({ outcome }) => outcome !== 'failed'));
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['check', 'language', 'limit', 'latency', 'case']));
    expect(findings.flatMap(({ kind, id }) => (kind === 'language' ? [id] : []))).toEqual(['python', 'javascript']);
    expect(passport.cases.length).toBeGreaterThanOrEqual(2);
    const steps = events.flatMap((event) => (event.type === 'progress' ? [event.step] : []));
    expect([...new Set(steps)]).toEqual(['create', 'health', 'languages', 'limits', 'latency', 'cases', 'close']);
    expect((await sandbox.call('listPassports', { query: { provider: 'wasm' } })).passports).toEqual([passport]);
    // It is proof for the draft, and not for what is in use.
    expect((await sandbox.call('readInstallation')).providers.find(({ id }) => id === 'wasm')?.passport).toBeNull();
    expect((await sandbox.call('foreseeActivation', { params: { version } })).proofs[0]?.passport?.passed).toBe(passport.passed);
  });

  test('of a service that refuses the key fails, says what to do, and is kept without the key', async () => {
    const sandbox = await openSandbox();
    await using fake = await startFakeE2b({ apiKey: 'planted-right' });
    const address = { service: 'custom', apiUrl: fake.url, sandboxUrl: fake.url, template: 'code-interpreter-v1' };
    await configure(sandbox, 'e2b', { ...address, apiKey: 'planted-wrong' });
    const events = await sandbox.follow('tryConfiguration', { body: { providerId: 'e2b' } });
    const passport = passportIn(events);
    expect(passport.passed).toBe(false);
    const failed = findingsIn(events).filter(({ outcome }) => outcome === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const { remedy } of failed) expect(remedy).toMatch(/\w/);
    expect((await sandbox.call('listPassports', { query: { provider: 'e2b' } })).passports).toEqual([passport]);
    expect(sandbox.seen.join()).not.toContain('planted');
  });
});

describe('a trial of a provider', () => {
  let journal: Journal;
  let sandbox: SandboxUnderTest;

  beforeEach(async () => {
    journal = new Journal();
    sandbox = await openSandbox({ providers: [scriptedProvider(journal)] });
  });

  const body = { providerId: 'scripted' };

  test('that is sick ends at its health, with its remedy and without its secret', async () => {
    await configure(sandbox, 'scripted', { behaviour: 'sick', token: 'planted-0815' });
    const events = await sandbox.follow('tryConfiguration', { body });
    expect(passportIn(events).passed).toBe(false);
    expect(findingsIn(events)).toContainEqual(
      expect.objectContaining({ id: 'far-side', outcome: 'failed', message: 'It refused [redacted].', remedy: 'Not [redacted].' }),
    );
    expect(journal.count('close')).toBe(journal.count('make'));
    expect(sandbox.seen.join()).not.toContain('planted');
  });

  test('that is withdrawn closes the provider, keeps no passport and frees its place', async () => {
    await configure(sandbox, 'scripted', { behaviour: 'hang' });
    const controller = new AbortController();
    const events = await sandbox.follow('tryConfiguration', { body, signal: controller.signal }, (event) => {
      if (event.type === 'progress' && event.step === 'health') controller.abort();
    });
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'CANCELLED' } });
    expect([journal.count('make'), journal.count('close'), sandbox.service.slots.taken]).toEqual([1, 1, 0]);
    expect((await sandbox.call('listPassports', { query: { provider: 'scripted' } })).passports).toEqual([]);
  });

  test('at an address that this app may not reach names the field, and tries nothing', async () => {
    await configure(sandbox, 'scripted', { address: 'http://[fd00:ec2::254]/' });
    const error = await sandbox.failureOf('tryConfiguration', { body });
    expect([error.code, error.details]).toEqual(['POLICY_VIOLATED', { kind: 'metadata', field: 'address' }]);
    expect(journal.events).toEqual([]);
  });

  test.each([
    ['nobody knows the provider', { providerId: 'nobody' }, 'providerId'],
    ['there is no such version', { providerId: 'scripted', version: 7 }, 'version'],
    ['nothing is configured', { providerId: 'scripted' }, 'version'],
  ])('is refused when %s', async (_name, asked, field) => {
    const error = await sandbox.failureOf('tryConfiguration', { body: asked });
    expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', field]);
  });

  test('is refused for a case that is none', async () => {
    await configure(sandbox, 'scripted');
    const error = await sandbox.failureOf('tryConfiguration', { body: { ...body, cases: ['values/', 'no-such-case'] } });
    expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', 'cases.1']);
  });
});

test('the cases that can be chosen are those of the contract, with the usual ones marked', async () => {
  const sandbox = await openSandbox();
  const { cases } = await sandbox.call('listTrialCases');
  expect(cases.length).toBeGreaterThan(100);
  expect(cases.find(({ id }) => id.startsWith('isolation/no-network'))).toMatchObject({ area: 'isolation', isUsual: true });
  expect(cases.filter(({ isUsual }) => isUsual).length).toBeLessThan(40);
});

describe('health', () => {
  async function reportsOf(config: object) {
    const journal = new Journal();
    const sandbox = await openSandbox({ providers: [scriptedProvider(journal)] });
    await configure(sandbox, 'scripted', { ...config, token: 'planted-0815' });
    const { reports } = await sandbox.call('readHealth');
    expect(journal.count('close')).toBe(journal.count('make'));
    expect(sandbox.seen.join()).not.toContain('planted');
    return reports;
  }

  test('tells of the providers in use, and closes what it made', async () => {
    expect(await reportsOf({})).toEqual([
      {
        providerId: 'scripted',
        status: 'healthy',
        isolation: 'remote',
        checks: [{ name: 'far-side', status: 'ok', message: 'It is there.' }],
        checkedAtMs: Date.UTC(2026, 0, 1),
        durationMs: 1,
      },
    ]);
  });

  test.each([
    ['what a check found', { behaviour: 'sick' }, 'It refused [redacted].'],
    ['what it threw', { behaviour: 'leak' }, 'PROVIDER_UNAVAILABLE: It said: [redacted].'],
    [
      'that its address is closed to this app',
      { address: '10.0.0.1' },
      'POLICY_VIOLATED: address: This app may not connect to that: 10.0.0.1 is in a private network.',
    ],
  ])('tells %s without a secret', async (_name, config, message) => {
    expect(await reportsOf(config)).toMatchObject([{ status: 'unhealthy', checks: [{ status: 'failed', message }] }]);
  });

  test('of nothing is empty', async () => {
    const sandbox = await openSandbox();
    expect(await sandbox.call('readHealth')).toEqual({ reports: [] });
  });
});
