import { configDigest, type Passport } from '@sandport/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, configure, openSandbox, type SandboxUnderTest } from './sandbox-under-test.ts';

const NOW_MS = Date.UTC(2026, 4, 1);

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await openSandbox({ now: () => NOW_MS });
});

function passportOf(providerId: string, config: object, facts: Partial<Passport> = {}): Passport {
  return {
    formatVersion: 1,
    providerId,
    configDigest: configDigest(config as Record<string, never>),
    madeAtMs: NOW_MS - 1000,
    durationMs: 10,
    passed: true,
    isolation: { kind: 'wasm', measuredBy: 'test' },
    languages: ['python'],
    network: ['none'],
    limits: [],
    latency: null,
    cases: [],
    ...facts,
  };
}

describe('the installation', () => {
  test('shows every provider that is carried, before anything is configured', async () => {
    const installation = await sandbox.call('readInstallation');
    expect(installation).toMatchObject({ version: null, activeSince: null, providerType: null, fallback: [], policy: null, problems: [] });
    expect(installation.providers.map(({ id }) => id)).toEqual(['wasm', 'docker', 'aliyun_codeinterpreter', 'e2b', 'self_managed']);
    expect(installation.providers.every((card) => card.isCarried && !card.isActive && !card.isConfigured && card.passport === null)).toBe(
      true,
    );
    expect(installation.settingsLocation).toContain('settings.sqlite');
  });

  test('tells what is used, in which order, with which proof, and which drafts wait', async () => {
    const { configurations } = sandbox.settings;
    await configurations.change(
      { providerType: 'wasm', providers: { wasm: { config: {} }, docker: { config: { isolation: 'runc' } } }, fallback: ['docker'] },
      { author: 'anna', reason: 'to begin', base: null },
    );
    await configurations.savePassport(passportOf('docker', { isolation: 'runc' }, { passed: false }));
    await sandbox.call('createDraft', {
      body: { change: { providers: { wasm: { config: { maxChildren: 2 } } } }, reason: 'less', base: 1 },
    });
    const { providers, ...rest } = await sandbox.call('readInstallation');
    expect(rest).toMatchObject({ version: 1, providerType: 'wasm', fallback: ['docker'] });
    expect(rest.activeSince).toEqual({ author: 'anna', reason: 'to begin', activatedAtMs: NOW_MS });
    expect(providers.find(({ id }) => id === 'wasm')).toMatchObject({ isActive: true, fallbackPlace: null, draft: 2, passport: null });
    expect(providers.find(({ id }) => id === 'docker')).toMatchObject({
      isActive: false,
      fallbackPlace: 1,
      isConfigured: true,
      draft: null,
      passport: { passed: false, madeAtMs: NOW_MS - 1000 },
    });
  });

  test('shows a provider that is stored and not carried, and rows that another program wrote', async () => {
    await configure(sandbox, 'wasm');
    const row = { name: 'sandbox.elsewhere', source: 'other', dataType: 'json', value: '{"apiKey":"planted-9"}' };
    await sandbox.settings.write([row]);
    const installation = await sandbox.call('readInstallation');
    expect(installation.changedElsewhere).toEqual(['sandbox.elsewhere']);
    expect(installation.providers.at(-1)).toMatchObject({ id: 'elsewhere', isCarried: false, isConfigured: true });
    const description = await sandbox.call('describeProvider', { params: { provider: 'elsewhere' } });
    expect(description).toMatchObject({ fields: [], stored: { config: {}, secrets: {} } });
    expect(sandbox.seen.join()).not.toContain('planted-9');
  });
});

describe('the description of a provider', () => {
  test('has fields with units, and a schema that asks neither for secrets nor for what the deployment decides', async () => {
    const { fields, schema, stored, version } = await sandbox.call('describeProvider', { params: { provider: 'aliyun_codeinterpreter' } });
    expect([stored, version]).toEqual([null, null]);
    const byName = Object.fromEntries(fields.map((field) => [field.name, field]));
    expect(byName['memoryBytes']).toMatchObject({ unit: 'bytes', scope: 'deployment', type: 'integer', min: 2_147_483_648 });
    expect(byName['abandonedAfterMs']).toMatchObject({ unit: 'ms', scope: 'runtime', default: 600_000 });
    expect(byName['accessKeySecret']).toMatchObject({ secret: true, type: 'string', unit: null });
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false });
    expect(schema['properties']).toMatchObject({ region: { type: 'string', title: 'Region' } });
    expect(schema['required']).toEqual([]);
  });

  test('keeps what is required and is neither', async () => {
    const { schema } = await sandbox.call('describeProvider', { params: { provider: 'self_managed' } });
    expect(schema['required']).toEqual(['endpoint']);
  });

  test('shows what a version has stored, and only that secrets are set', async () => {
    await configure(sandbox, 'e2b', { apiKey: 'planted-1', template: 'first' });
    await configure(sandbox, 'e2b', { template: 'second' });
    const now = await sandbox.call('describeProvider', { params: { provider: 'e2b' } });
    expect(now).toMatchObject({ version: 2, stored: { config: { template: 'second' }, secrets: {} } });
    const before = await sandbox.call('describeProvider', { params: { provider: 'e2b' }, query: { version: 1 } });
    expect(before).toMatchObject({ version: 1, stored: { config: { template: 'first' }, secrets: { apiKey: 'sealed' }, problem: null } });
    expect(sandbox.seen.join()).not.toContain('planted-1');
  });

  test.each([
    ['a provider that nobody knows', { params: { provider: 'nobody' } }, 'PROVIDER_UNKNOWN', 'provider'],
    ['a version that is none', { params: { provider: 'wasm' }, query: { version: 99 } }, 'REQUEST_INVALID', 'version'],
  ])('refuses %s', async (_name, call, code, field) => {
    const error = await sandbox.failureOf('describeProvider', call);
    expect([error.code, error.details?.['field']]).toEqual([code, field]);
  });
});

describe('what is foreseen of a version', () => {
  const POLICY = { minimumIsolation: 'wasm' as const };

  test('names differences, proofs, and what the policy says against them', async () => {
    await configure(sandbox, 'wasm');
    const change = { providerType: 'docker', providers: { docker: { config: {} } }, policy: POLICY };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'to docker', base: 1 } });
    const before = await sandbox.call('foreseeActivation', { params: { version } });
    expect(before).toMatchObject({
      activeVersion: 1,
      providerType: { before: 'wasm', after: 'docker' },
      proofs: [{ providerId: 'docker', passport: null, objection: '"docker" has no passport' }],
      followers: { clients: 0, callsLastMinute: 0 },
      isOutdated: false,
    });
    expect(before.differences).toContainEqual({
      row: 'sandbox.provider_type',
      field: null,
      kind: 'changed',
      before: 'wasm',
      after: 'docker',
      secret: false,
    });
    await sandbox.settings.configurations.savePassport(passportOf('docker', {}, { isolation: { kind: 'gvisor', measuredBy: 'test' } }));
    const after = await sandbox.call('foreseeActivation', { params: { version } });
    expect(after.proofs).toMatchObject([{ passport: { passed: true }, objection: null }]);
  });

  test('knows a draft that was overtaken, by a version or by another program', async () => {
    await configure(sandbox, 'wasm');
    const change = { providers: { wasm: { config: { maxChildren: 3 } } } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'three', base: 1 } });
    await sandbox.settings.write([{ name: 'sandbox.e2b', source: 'other', dataType: 'json', value: '{}' }]);
    expect((await sandbox.call('foreseeActivation', { params: { version } })).isOutdated).toBe(true);
    await sandbox.settings.configurations.recordForeignChanges();
    expect((await sandbox.call('foreseeActivation', { params: { version } })).isOutdated).toBe(true);
    expect((await sandbox.call('foreseeActivation', { params: { version: 1 } })).isOutdated).toBe(false);
  });

  test('can be asked of the first draft of all', async () => {
    const change = { providerType: 'wasm', providers: { wasm: { config: {} } } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'first', base: null } });
    const foreseen = await sandbox.call('foreseeActivation', { params: { version } });
    expect(foreseen).toMatchObject({ activeVersion: null, providerType: { before: null, after: 'wasm' }, isOutdated: false });
    expect(foreseen.differences.map(({ row, kind }) => [row, kind])).toEqual([
      ['sandbox.provider_type', 'added'],
      ['sandbox.wasm', 'added'],
    ]);
  });
});

describe('the history', () => {
  test('lists versions and acts by pages, and shows and compares versions', async () => {
    await configure(sandbox, 'wasm');
    await configure(sandbox, 'wasm', { maxChildren: 3 });
    const page = await sandbox.call('listVersions', { query: { limit: 1 } });
    expect(page.versions.map(({ number, state }) => [number, state])).toEqual([[2, 'active']]);
    expect((await sandbox.call('listVersions', { query: { before: 2 } })).versions.map(({ number }) => number)).toEqual([1]);
    expect(await sandbox.call('readVersion', { params: { version: 2 } })).toMatchObject({
      providerType: 'wasm',
      providers: { wasm: { config: { maxChildren: 3 }, secrets: {}, problem: null } },
      findings: [],
    });
    expect(await sandbox.call('compareVersions', { query: { from: 1, to: 2 } })).toEqual({
      differences: [{ row: 'sandbox.wasm', field: 'maxChildren', kind: 'added', after: 3, secret: false }],
    });
    const { entries } = await sandbox.call('listAudit', { query: { limit: 1 } });
    expect(entries).toMatchObject([{ actor: 'tester', action: 'change', version: 2 }]);
    expect((await sandbox.call('listAudit', { query: { before: entries[0]?.sequence ?? 0 } })).entries).toMatchObject([{ version: 1 }]);
  });

  test.each(['0', 'x', '1e3', '-1', '01', '9999999999999999999'])('says of "%s" that it is no version', async (version) => {
    for (const name of ['readVersion', 'foreseeActivation'] as const) {
      const error = await sandbox.failureOf(name, { params: { version } });
      expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', 'version']);
    }
  });

  test('has nothing at the number of a version that never was', async () => {
    const params = { version: 77 };
    for (const name of ['readVersion', 'foreseeActivation'] as const) {
      expect((await sandbox.failureOf(name, { params })).code).toBe('CONFIG_MISSING');
    }
    const body = { expectedActive: null, reason: 'x', act: 'activate' as const };
    for (const name of ['activateVersion', 'rollBack', 'setPolicyAside'] as const) {
      expect(
        (await sandbox.failureOf(name, { params, body: name === 'setPolicyAside' ? body : { expectedActive: null, reason: 'x' } })).code,
      ).toBe('CONFIG_MISSING');
    }
    const error = await sandbox.failureOf('compareVersions', { query: { from: 77, to: 78 } });
    expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', 'to']);
  });
});

describe('two operators', () => {
  test('the second is told who was first, with which version, and nothing of his is lost', async () => {
    await configure(sandbox, 'wasm');
    const draftOf = (maxChildren: number) => ({
      change: { providers: { wasm: { config: { maxChildren } } } },
      reason: `${maxChildren}`,
      base: 1,
    });
    const first = await sandbox.call('createDraft', { body: draftOf(2), caller: ANNA });
    const second = await sandbox.call('createDraft', { body: draftOf(3), caller: BEN });
    const body = { expectedActive: 1 };
    const activated = await sandbox.call('activateVersion', { params: { version: first.version }, body, caller: ANNA });
    expect(activated).toEqual({ version: first.version, activatedAtMs: NOW_MS, override: null });
    const late = await sandbox.failureOf('activateVersion', { params: { version: second.version }, body, caller: BEN });
    expect([late.code, late.details]).toEqual(['CONFIG_CONFLICT', { expected: 1, active: first.version, author: 'anna', atMs: NOW_MS }]);
    const stale = await sandbox.failureOf('createDraft', { body: draftOf(4), caller: BEN });
    expect([stale.code, stale.details?.['author']]).toEqual(['CONFIG_CONFLICT', 'anna']);
    expect((await sandbox.call('readVersion', { params: { version: second.version } })).record).toMatchObject({
      state: 'draft',
      author: 'ben',
    });
    expect((await sandbox.call('readInstallation')).version).toBe(first.version);
  });

  test('at the same moment: one of them is first', async () => {
    await configure(sandbox, 'wasm');
    const bodies = [2, 3, 4].map((maxChildren) => ({
      change: { providers: { wasm: { config: { maxChildren } } } },
      reason: 'now',
      base: 1,
    }));
    const drafts = await Promise.all(bodies.map((body) => sandbox.call('createDraft', { body })));
    const outcomes = await Promise.allSettled(
      drafts.map(({ version }) => sandbox.call('activateVersion', { params: { version }, body: { expectedActive: 1 } })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : []));
    expect(codes).toEqual(['CONFIG_CONFLICT', 'CONFIG_CONFLICT']);
  });
});

describe('putting versions into use', () => {
  test('goes back to a former version, with a reason', async () => {
    await configure(sandbox, 'wasm');
    await configure(sandbox, 'wasm', { maxChildren: 3 });
    const back = await sandbox.call('rollBack', { params: { version: 1 }, body: { expectedActive: 2, reason: 'three were too many' } });
    expect(back).toMatchObject({ version: 3, override: null });
    expect((await sandbox.call('describeProvider', { params: { provider: 'wasm' } })).stored?.config).toEqual({});
    expect((await sandbox.call('listAudit', { query: {} })).entries[0]).toMatchObject({ actor: 'anna', action: 'roll-back' });
  });

  test('keeps a provider without proof out, unless somebody sets the policy aside and says why', async () => {
    const change = { providerType: 'wasm', providers: { wasm: { config: {} } }, policy: { minimumIsolation: 'wasm' as const } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'with a policy', base: null } });
    const error = await sandbox.failureOf('activateVersion', { params: { version }, body: { expectedActive: null } });
    expect([error.code, error.details?.['problems']]).toEqual(['POLICY_VIOLATED', ['"wasm" has no passport']]);
    const body = { expectedActive: null, reason: 'the trial machine burns', act: 'activate' as const };
    const { override } = await sandbox.call('setPolicyAside', { params: { version }, body, caller: BEN });
    expect(override).toEqual({ author: 'ben', reason: 'the trial machine burns', atMs: NOW_MS });
    expect((await sandbox.call('readInstallation')).override).toEqual(override);
    const entry = (await sandbox.call('listAudit', { query: {} })).entries[0];
    expect(entry).toMatchObject({ actor: 'ben', action: 'activate', summary: { override: { reason: 'the trial machine burns' } } });
  });

  test('takes a way back although the policy speaks against it, if that is what an admin says', async () => {
    await configure(sandbox, 'docker');
    const change = { providerType: 'wasm', providers: { wasm: { config: {} } } };
    await sandbox.settings.configurations.change(change, { author: 'anna', reason: 'wasm', base: 1 });
    await sandbox.settings.write([{ name: 'sandbox.policy', source: 'other', dataType: 'json', value: '{}' }]);
    const base = await sandbox.settings.configurations.recordForeignChanges();
    const body = { expectedActive: base, reason: 'back', act: 'roll-back' as const };
    expect((await sandbox.call('setPolicyAside', { params: { version: 2 }, body, caller: BEN })).override).toBeNull();
  });
});
