import { parseExecutionRequest } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { executeCode, type CallDefaults } from '../src/index.ts';
import { failureOf } from './failure-of.ts';
import { twoProviders } from './test-client.ts';

const CAPABLE = {
  executionsPerSandbox: 'many',
  capabilities: {
    languages: ['python', 'javascript'],
    limits: { memory: true, processes: false, disk: false, cpus: false, openFiles: false },
  },
} as const;
const MEMORY = 128 * 1024 * 1024;

const withDefaults = (defaults: CallDefaults) => twoProviders({}, { one: CAPABLE }, { defaults });

const DEFAULTS: CallDefaults = {
  language: 'nodejs',
  limits: { timeoutMs: 4321, memoryBytes: MEMORY },
  network: 'none',
  tenant: 'acme',
  maxWaitMs: 99,
};

describe('defaults', () => {
  test('hold for a request that leaves them out', async () => {
    const { client, one } = withDefaults(DEFAULTS);
    expect(await client.execute({ code: 'p' })).toMatchObject({ language: 'javascript', value: { timeoutMs: 4321 } });
    expect(one.log.providers[0]?.sandboxes[0]?.options).toMatchObject({
      language: 'javascript',
      limits: { memoryBytes: MEMORY },
      tenant: 'acme',
      maxWaitMs: 99,
    });
  });

  test('give way to what a request says, limit by limit, and not to what it leaves undefined', async () => {
    const { client, one } = withDefaults(DEFAULTS);
    const result = await client.execute({
      code: 'p',
      language: 'python',
      tenant: 'other',
      maxWaitMs: undefined,
      limits: { timeoutMs: 5, memoryBytes: undefined },
    });
    expect(result).toMatchObject({ language: 'python', value: { timeoutMs: 5 } });
    expect(one.log.providers[0]?.sandboxes[0]?.options).toMatchObject({ tenant: 'other', maxWaitMs: 99, limits: { memoryBytes: MEMORY } });
  });

  test('change nothing of a request that was checked already', async () => {
    const { client } = withDefaults(DEFAULTS);
    expect(await client.execute(parseExecutionRequest({ code: 'p' }))).toMatchObject({ language: 'python', value: { timeoutMs: 30_000 } });
  });

  test('hold for kept sandboxes: theirs when they are made, those of a program for each program and cell', async () => {
    const { client, one } = withDefaults({ ...DEFAULTS, language: 'python' });
    const sandbox = await client.createSandbox({ language: 'javascript' });
    expect(one.log.providers[0]?.sandboxes[0]?.options).toEqual({
      language: 'javascript',
      limits: { memoryBytes: MEMORY },
      network: 'none',
      tenant: 'acme',
      maxWaitMs: 99,
    });
    const context = await sandbox.createContext();
    for (const owner of [sandbox, context]) {
      expect(await owner.execute({ code: 'p' })).toMatchObject({ value: { timeoutMs: 4321 } });
      expect(await owner.execute({ code: 'p', limits: { timeoutMs: 7 } })).toMatchObject({ value: { timeoutMs: 7 } });
    }
  });

  test('do not make a bad request good', async () => {
    const { client, settings } = withDefaults(DEFAULTS);
    for (const [request, field] of [
      [{ code: 'p', limits: 'none' }, 'limits'],
      [{ code: 'p', limits: { timeoutMs: null } }, 'limits.timeoutMs'],
      [{ code: 'p', surprise: 1 }, 'surprise'],
      [{}, 'code'],
      [null, 'request'],
      ['p', 'request'],
    ] as const) {
      const error = await failureOf(client.execute(request as never));
      expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
    }
    expect(settings.readCount).toBe(0);
  });

  test.each([
    [{ limits: { timeoutMs: 0 } }, 'REQUEST_INVALID', 'defaults.limits.timeoutMs'],
    [{ limits: { speed: 1 } }, 'REQUEST_INVALID', 'defaults.limits.speed'],
    [{ tenant: '' }, 'REQUEST_INVALID', 'defaults.tenant'],
    [{ maxWaitMs: -1 }, 'REQUEST_INVALID', 'defaults.maxWaitMs'],
    [{ network: 'all' }, 'REQUEST_INVALID', 'defaults.network'],
    [{ code: 'p' }, 'REQUEST_INVALID', 'defaults.code'],
    [{ language: 'ruby' }, 'LANGUAGE_UNSUPPORTED', 'defaults.language'],
    [null, 'REQUEST_INVALID', 'defaults'],
    ['python', 'REQUEST_INVALID', 'defaults'],
  ])('%j are refused when the client is created', async (defaults, code, field) => {
    const error = await failureOf(() => withDefaults(defaults as never));
    expect([error.code, error.details]).toEqual([code, { field }]);
  });

  test('hold for executeCode, below its own options', async () => {
    const { settings, one, two } = twoProviders({}, { one: CAPABLE });
    const options = { settings, providers: [one.definition, two.definition], defaults: DEFAULTS };
    expect(await executeCode('p', options)).toMatchObject({ language: 'javascript', value: { timeoutMs: 4321 } });
    expect(await executeCode('p', { ...options, language: 'python', timeoutMs: 8 })).toMatchObject({
      language: 'python',
      value: { timeoutMs: 8 },
    });
  });
});
