import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { createSandboxClient, executeCode } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { fakeDefinition, type FakeBehaviour } from './fake-provider.ts';
import { MemorySettings } from './memory-settings.ts';

function setUp(behaviour: FakeBehaviour = {}) {
  const settings = new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{"label":"one"}' });
  const { definition, log } = fakeDefinition('fake', behaviour);
  const warnings: SandboxError[] = [];
  const client = createSandboxClient({ settings, providers: [definition], onWarning: (warning) => warnings.push(warning) });
  return { settings, definition, log, warnings, client };
}

describe('execute', () => {
  test('creates a sandbox, runs the program in it, and destroys it', async () => {
    const { client, log } = setUp();
    const result = await client.execute({ code: 'p', arguments: { a: 1 }, limits: { timeoutMs: 1234 }, tenant: 'acme', maxWaitMs: 77 });
    expect(result).toMatchObject({
      status: 'completed',
      providerId: 'fake',
      value: { label: 'one', arguments: { a: 1 }, timeoutMs: 1234, language: 'python' },
    });
    expect(log.events).toEqual(['create one', 'createSandbox one', 'execute p', 'destroy one']);
    expect(log.providers[0]?.sandboxes[0]?.options).toMatchObject({ tenant: 'acme', maxWaitMs: 77 });
    await client.close();
    expect(log.events.at(-1)).toBe('close one');
  });

  test('refuses a bad request before anything is read', async () => {
    const { client, settings } = setUp();
    const error = await failureOf(client.execute({ code: 'p', limits: { timeoutMs: 0 } }));
    expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'limits.timeoutMs' }]);
    expect((await failureOf(client.execute({ code: 'p', language: 'ruby' }))).code).toBe('LANGUAGE_UNSUPPORTED');
    expect(settings.readCount).toBe(0);
  });

  test.each([
    ['a language', { code: 'p', language: 'javascript' }, 'LANGUAGE_UNSUPPORTED'],
    ['files', { code: 'p', files: { a: '' } }, 'CAPABILITY_UNSUPPORTED'],
    ['a time above its maximum', { code: 'p', limits: { timeoutMs: 60_001 } }, 'REQUEST_INVALID'],
  ])('refuses %s that the provider does not declare, before a sandbox is created', async (_, request, code) => {
    const { client, log } = setUp();
    expect((await failureOf(client.execute(request))).code).toBe(code);
    expect(log.events).toEqual(['create one']);
  });

  test('destroys the sandbox when the execution throws, and throws that very error', async () => {
    const failure = new RangeError('an exception of the output listener');
    const { client, log } = setUp({ execute: () => Promise.reject(failure) });
    await expect(client.execute({ code: 'p' })).rejects.toBe(failure);
    expect(log.events.at(-1)).toBe('destroy one');
  });

  test('a failure to destroy replaces neither the result nor the error, and is reported', async () => {
    const lost = new Error('engine gone');
    const { client, warnings } = setUp({ destroy: () => Promise.reject(lost) });
    expect((await client.execute({ code: 'p' })).status).toBe('completed');
    expect(warnings.map(({ operation, providerId, cause }) => [operation, providerId, cause])).toEqual([['destroySandbox', 'fake', lost]]);

    const failing = setUp({
      execute: () => Promise.reject(new SandboxError('RESPONSE_INVALID', 'no')),
      destroy: () => Promise.reject(lost),
    });
    expect((await failureOf(failing.client.execute({ code: 'p' }))).code).toBe('RESPONSE_INVALID');
    expect(failing.warnings).toHaveLength(1);
  });

  test('a warning listener that throws does not reach the caller', async () => {
    const settings = new MemorySettings({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' });
    const { definition } = fakeDefinition('fake', { destroy: () => Promise.reject(new Error('gone')) });
    const emitted: Error[] = [];
    const collect = (warning: Error) => emitted.push(warning);
    process.on('warning', collect);
    try {
      const client = createSandboxClient({
        settings,
        providers: [definition],
        onWarning: () => {
          throw new Error('listener');
        },
      });
      expect((await client.execute({ code: 'p' })).status).toBe('completed');
      await new Promise((resolve) => setImmediate(resolve));
      expect(emitted.filter((warning) => SandboxError.isInstance(warning)).map((warning) => warning.code)).toEqual([
        'INTERNAL',
        'PROVIDER_UNAVAILABLE',
      ]);
    } finally {
      process.off('warning', collect);
    }
  });

  test('a factory that fails without a SandboxError is reported as a fault, and tried anew', async () => {
    let attempts = 0;
    const { client } = setUp({
      create: () => {
        attempts += 1;
        if (attempts === 1) throw new TypeError('bug');
      },
    });
    const error = await failureOf(client.execute({ code: 'p' }));
    expect([error.code, error.operation]).toEqual(['INTERNAL', 'createProvider']);
    expect((await client.execute({ code: 'p' })).status).toBe('completed');
  });
});

describe('signals', () => {
  test('one that has fired ends the call before anything is read', async () => {
    const { client, settings } = setUp();
    const error = await failureOf(client.execute({ code: 'p' }, { signal: AbortSignal.abort('enough') }));
    expect([error.code, error.cause, settings.readCount]).toEqual(['CANCELLED', 'enough', 0]);
  });

  test('one that fires while the rows are read ends the call before anything is created', async () => {
    const { client, settings, log } = setUp();
    const controller = new AbortController();
    settings.afterRead = () => {
      controller.abort();
      return Promise.resolve();
    };
    expect((await failureOf(client.execute({ code: 'p' }, { signal: controller.signal }))).code).toBe('CANCELLED');
    expect(log.events).toEqual([]);
  });

  test('one that fires while the program runs reaches the provider, and the sandbox is destroyed without it', async () => {
    const controller = new AbortController();
    const { client, log } = setUp({
      execute: async (_, { signal }) => {
        setImmediate(() => controller.abort());
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
      },
    });
    await client.execute({ code: 'p' }, { signal: controller.signal });
    expect(log.events.at(-1)).toBe('destroy one');
  });
});

describe('checkHealth', () => {
  test('asks the provider in use and shares it with execute', async () => {
    const { client, log } = setUp();
    expect((await client.checkHealth()).status).toBe('healthy');
    await client.execute({ code: 'p' });
    expect(log.events.filter((event) => event.startsWith('create '))).toHaveLength(1);
  });

  test('throws when nothing is configured', async () => {
    const { definition } = fakeDefinition('fake');
    const client = createSandboxClient({ settings: new MemorySettings(), providers: [definition] });
    expect((await failureOf(client.checkHealth())).code).toBe('CONFIG_MISSING');
  });
});

describe('the list of providers', () => {
  test('is refused when it is empty or carries an id twice', async () => {
    const settings = new MemorySettings();
    const { definition } = fakeDefinition('fake');
    for (const providers of [[], [definition, fakeDefinition('fake').definition]]) {
      const error = await failureOf(() => createSandboxClient({ settings, providers }));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field: 'providers' }]);
    }
  });
});

describe('executeCode', () => {
  test('runs one program with the defaults, and closes the provider', async () => {
    const { settings, definition, log } = setUp();
    const result = await executeCode('p', { settings, providers: [definition] });
    expect(result).toMatchObject({ value: { arguments: {}, timeoutMs: 30_000, language: 'python' } });
    expect(log.events).toEqual(['create one', 'createSandbox one', 'execute p', 'destroy one', 'close one']);
    expect(settings.closeCount).toBe(0);
  });

  test('passes language, time, arguments and signal on', async () => {
    const { settings, definition } = setUp();
    const result = await executeCode('p', {
      settings: () => settings,
      providers: [definition],
      language: 'Python3',
      timeoutMs: 5,
      arguments: { deep: [null, true] },
    });
    expect(result).toMatchObject({ value: { arguments: { deep: [null, true] }, timeoutMs: 5, language: 'python' } });
    expect(settings.closeCount).toBe(1);
    const aborted = executeCode('p', { settings: new MemorySettings(), providers: [definition], signal: AbortSignal.abort() });
    expect((await failureOf(aborted)).code).toBe('CANCELLED');
  });
});
