import { describe, expect, test } from 'vitest';
import { createSandboxClient, type SandboxClient } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { fakeDefinition } from './fake-provider.ts';
import { MemorySettings } from './memory-settings.ts';

/** A door that calls wait at until it is opened. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

function setUp() {
  const settings = new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{"label":"one"}' });
  const running = gate();
  const started = gate();
  const warnings: unknown[] = [];
  const { definition, log } = fakeDefinition('fake', {
    execute: async (sandbox) => {
      if (sandbox.tenant !== 'slow') return;
      started.open();
      await Promise.race([running.opened, sandbox.ended]);
    },
  });
  const other = fakeDefinition('other');
  const client = createSandboxClient({
    settings,
    providers: [definition, other.definition],
    onWarning: (warning) => warnings.push(warning),
  });
  return { settings, client, log, other, running, started, warnings };
}

async function labelOf(client: SandboxClient, tenant?: string): Promise<unknown> {
  const result = await client.execute({ code: 'p', tenant });
  return result.status === 'completed' && typeof result.value === 'object' && result.value !== null && 'label' in result.value
    ? result.value['label']
    : result.status;
}

describe('one provider for one configuration', () => {
  test('a hundred first calls at once create one', async () => {
    const { client, log } = setUp();
    await Promise.all(Array.from({ length: 100 }, () => labelOf(client)));
    expect(log.providers).toHaveLength(1);
    await client.close();
    expect(log.events.filter((event) => event.startsWith('close'))).toEqual(['close one']);
  });

  test('a row that was written again with the same text keeps it', async () => {
    const { client, settings, log } = setUp();
    await labelOf(client);
    settings.set({ 'sandbox.fake': '{"label":"one"}' });
    await client.refresh();
    await labelOf(client);
    expect(log.providers).toHaveLength(1);
  });

  test('a row whose members were written in another order keeps it', async () => {
    const { client, settings, log } = setUp();
    settings.set({ 'sandbox.fake': '{"label":"one","workers":2}' });
    await labelOf(client);
    settings.set({ 'sandbox.fake': '{ "workers": 2, "label": "one" }' });
    await client.refresh();
    await labelOf(client);
    expect(log.providers).toHaveLength(1);
  });
});

describe('a changed configuration', () => {
  test('is noticed by itself, and the old provider is closed at once when nothing runs on it', async () => {
    const { client, settings, log } = setUp();
    expect(await labelOf(client)).toBe('one');
    settings.set({ 'sandbox.fake': '{"label":"two"}' });
    await expect.poll(() => log.events, { timeout: 5_000, interval: 5 }).toContain('close one');
    expect(await labelOf(client)).toBe('two');
    expect(log.events).not.toContain('close two');
  });

  test('counts for every call after a refresh', async () => {
    const { client, settings, log } = setUp();
    expect(await labelOf(client)).toBe('one');
    settings.set({ 'sandbox.fake': '{"label":"two"}' });
    await client.refresh();
    expect(log.events).toContain('close one');
    expect(await labelOf(client)).toBe('two');
  });

  test('leaves running calls alone: the old provider is closed when the last of them has ended', async () => {
    const { client, settings, log, running, started } = setUp();
    const slow = [labelOf(client, 'slow'), labelOf(client, 'slow')];
    await started.opened;
    settings.set({ 'sandbox.fake': '{"label":"two"}' });
    await client.refresh();
    expect(await labelOf(client)).toBe('two');
    expect(log.events).not.toContain('close one');
    running.open();
    expect(await Promise.all(slow)).toEqual(['one', 'one']);
    expect(log.events.slice(-2)).toEqual(['destroy one', 'close one']);
  });

  test('to another provider closes the former one', async () => {
    const { client, settings, log, other } = setUp();
    await labelOf(client);
    settings.set({ 'sandbox.provider_type': 'other', 'sandbox.other': '{"label":"theirs"}' });
    await client.refresh();
    expect(await labelOf(client)).toBe('theirs');
    expect(log.events).toContain('close one');
    await client.close();
    expect(other.log.events.at(-1)).toBe('close theirs');
  });

  test('that is broken fails the call, and the provider still serves once it is mended', async () => {
    const { client, settings, log } = setUp();
    await labelOf(client);
    settings.set({ 'sandbox.fake': '{' });
    await client.refresh();
    expect((await failureOf(client.execute({ code: 'p' }))).code).toBe('CONFIG_INVALID');
    settings.set({ 'sandbox.fake': '{"label":"one"}' });
    await client.refresh();
    expect(await labelOf(client)).toBe('one');
    expect(log.providers).toHaveLength(1);
  });

  test('is not undone by a call that goes by the old rows and comes late', async () => {
    const { client, settings, log, other } = setUp();
    const late = gate();
    let unsealing = 0;
    settings.unseal = async (_, config) => {
      unsealing += 1;
      if (config['label'] === 'one') await late.opened;
      return config;
    };
    const slow = labelOf(client);
    await expect.poll(() => unsealing).toBe(1);
    settings.set({ 'sandbox.provider_type': 'other', 'sandbox.other': '{"label":"theirs"}' });
    await client.refresh();
    expect(await labelOf(client)).toBe('theirs');
    late.open();
    expect(await slow).toBe('one');
    expect(log.events.at(-1)).toBe('close one');
    expect(await labelOf(client)).toBe('theirs');
    expect([log.providers.length, other.log.providers.length]).toEqual([1, 1]);
  });

  test('under load is noticed by every later call, and every provider but the last is closed', async () => {
    const { client, settings, log } = setUp();
    for (let round = 0; round < 20; round += 1) {
      const label = `round ${round}`;
      settings.set({ 'sandbox.fake': JSON.stringify({ label }) });
      await client.refresh();
      expect(await Promise.all([labelOf(client), labelOf(client), labelOf(client)])).toEqual([label, label, label]);
    }
    expect(log.providers).toHaveLength(20);
    await client.close();
    expect(log.events.filter((event) => event.startsWith('close'))).toHaveLength(20);
  });
});

describe('closing', () => {
  test('settles the calls that run, and refuses later ones', async () => {
    const { client, settings, log, started } = setUp();
    const slow = labelOf(client, 'slow');
    await started.opened;
    await Promise.all([client.close(), client.close()]);
    expect(log.events.slice(-2)).toEqual(['close one', 'destroy one']);
    expect(await slow).toBe('one');
    for (const call of [() => client.execute({ code: 'p' }), () => client.checkHealth(), () => client.providerInfo()]) {
      expect((await failureOf(call)).code).toBe('SANDBOX_CLOSED');
    }
    expect(settings.closeCount).toBe(0);
  });

  test('also closes a replaced provider whose calls still run', async () => {
    const { client, settings, log, started } = setUp();
    const slow = labelOf(client, 'slow');
    await started.opened;
    settings.set({ 'sandbox.fake': '{"label":"two"}' });
    await client.refresh();
    await labelOf(client);
    await client.close();
    await slow;
    expect(log.events.filter((event) => event.startsWith('close')).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'close one',
      'close two',
    ]);
  });

  test('while a call reads the rows creates nothing any more', async () => {
    const { client, settings, log } = setUp();
    const late = gate();
    settings.afterRead = () => late.opened;
    const reader = client.execute({ code: 'p' });
    await client.close();
    late.open();
    expect((await failureOf(reader)).code).toBe('SANDBOX_CLOSED');
    expect(log.events).toEqual([]);
  });

  test('closes the settings that the client opened, once', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
    let opened = 0;
    const { definition } = fakeDefinition('fake');
    const client = createSandboxClient({
      settings: () => {
        opened += 1;
        return settings;
      },
      providers: [definition],
    });
    await Promise.all([client.execute({ code: 'p' }), client.execute({ code: 'p' })]);
    await client.close();
    await client.close();
    expect([opened, settings.closeCount]).toEqual([1, 1]);
  });

  test('also closes settings that are still being opened, and does not complain of settings that could not be', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
    for (const outcome of [() => settings, () => Promise.reject(new Error('no database'))]) {
      const opening = gate();
      const { definition } = fakeDefinition('fake');
      const warnings: unknown[] = [];
      const client = createSandboxClient({
        settings: () => opening.opened.then(outcome),
        providers: [definition],
        onWarning: (warning) => warnings.push(warning),
      });
      const call = failureOf(client.execute({ code: 'p' }));
      const closed = client.close();
      opening.open();
      await closed;
      expect([(await call).code, warnings]).toEqual(['SANDBOX_CLOSED', []]);
    }
    expect([settings.readCount, settings.closeCount]).toEqual([0, 1]);
  });

  test('opens nothing when there was no call', async () => {
    const { definition } = fakeDefinition('fake');
    const client = createSandboxClient({
      settings: () => {
        throw new Error('must not be opened');
      },
      providers: [definition],
    });
    await client.close();
    expect((await failureOf(client.execute({ code: 'p' }))).code).toBe('SANDBOX_CLOSED');
  });

  test('of a provider that fails is reported and does not reject', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
    const failure = new Error('engine gone');
    const { definition } = fakeDefinition('fake', { close: () => Promise.reject(failure) });
    const warnings: unknown[] = [];
    const client = createSandboxClient({ settings, providers: [definition], onWarning: ({ cause }) => warnings.push(cause) });
    await client.execute({ code: 'p' });
    await client.close();
    expect(warnings).toEqual([failure]);
  });

  test('comes with await using', async () => {
    const { client, log } = setUp();
    {
      await using scoped = client;
      await labelOf(scoped);
    }
    expect(log.events.at(-1)).toBe('close one');
  });
});
