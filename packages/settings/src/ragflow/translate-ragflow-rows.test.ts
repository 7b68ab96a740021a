import { inspect } from 'node:util';
import type { Setting } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { RAGFLOW_ROWS, translateRagflowRows } from './translate-ragflow-rows.ts';

/** Rows as RAGFlow stores them: everything but the chosen provider is JSON text. */
function translate(rows: Readonly<Record<string, unknown>>) {
  return translateRagflowRows(
    new Map(
      Object.entries(rows).map(([name, value]): [string, Setting] => {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        return [name, { name, source: 'variable', dataType: typeof value === 'string' ? 'string' : 'json', value: text }];
      }),
    ),
  );
}

const SECRET = 'planted-secret-of-ragflow';

const INSTALLATION = {
  'sandbox.provider_type': 'aliyun_codeinterpreter',
  'sandbox.self_managed': { endpoint: 'http://sandbox-executor-manager:9385', timeout: 30, max_retries: 3, pool_size: 10 },
  'sandbox.aliyun_codeinterpreter': {
    access_key_id: 'LTAI5tExample',
    access_key_secret: SECRET,
    account_id: '1234567890',
    region: 'cn-beijing',
    template_name: '',
    timeout: '25',
  },
  'sandbox.e2b': {},
};

describe('an installation', () => {
  test('is carried with the units and names of ours, secrets marked', () => {
    const { providerType, providers } = translate(INSTALLATION);
    expect(providerType).toBe('aliyun_codeinterpreter');
    expect(Object.fromEntries(providers)).toMatchObject({
      self_managed: { config: { endpoint: 'http://sandbox-executor-manager:9385', timeoutMs: 30_000 }, secretFields: [] },
      aliyun_codeinterpreter: {
        config: { accessKeyId: 'LTAI5tExample', accessKeySecret: SECRET, accountId: '1234567890', region: 'cn-beijing', timeoutMs: 25_000 },
        secretFields: ['accessKeySecret'],
      },
    });
  });

  test('says what was left behind, field by field, and nothing of values', () => {
    const { leftOut } = translate(INSTALLATION);
    expect(leftOut.map(({ row, field }) => `${row} ${field}`)).toEqual([
      'sandbox.self_managed max_retries',
      'sandbox.self_managed pool_size',
    ]);
    for (const { reason, advice } of leftOut) expect([reason, advice].every((text) => text.length > 10)).toBe(true);
    expect(inspect(leftOut, { depth: 9 })).not.toContain(SECRET);
  });

  test('takes an empty row for a provider that nobody has configured', () => {
    const { providers, leftOut } = translate(INSTALLATION);
    expect(providers.has('e2b')).toBe(false);
    expect(leftOut.some(({ row }) => row === 'sandbox.e2b')).toBe(false);
  });
});

test('the key of E2B is a secret, and its region is said to be none of its settings', () => {
  const { providerType, providers, leftOut } = translate({
    'sandbox.provider_type': 'e2b',
    'sandbox.e2b': { api_key: SECRET, region: 'eu', timeout: 60 },
  });
  expect([providerType, providers.get('e2b')]).toEqual([
    'e2b',
    { id: 'e2b', config: { apiKey: SECRET, timeoutMs: 60_000 }, secretFields: ['apiKey'] },
  ]);
  expect(leftOut).toMatchObject([{ row: 'sandbox.e2b', field: 'region' }]);
});

test('where no provider is stored, RAGFlow uses its own executor', () => {
  expect(translate({ 'sandbox.self_managed': { endpoint: 'http://x:1' } }).providerType).toBe('self_managed');
});

describe('what cannot be carried is named', () => {
  test.each([
    [
      'a provider without isolation',
      { 'sandbox.provider_type': 'local', 'sandbox.local': { timeout: 30 } },
      ['sandbox.local', 'sandbox.provider_type'],
    ],
    [
      'a service that is unknown here',
      { 'sandbox.provider_type': 'tenki', 'sandbox.tenki': { a: 1 } },
      ['sandbox.tenki', 'sandbox.provider_type'],
    ],
    [
      'a row that is no JSON',
      { 'sandbox.provider_type': 'e2b', 'sandbox.e2b': `{"api_key":"${SECRET}"` },
      ['sandbox.e2b', 'sandbox.provider_type'],
    ],
    ['a row that is a list', { 'sandbox.provider_type': 'e2b', 'sandbox.e2b': [SECRET] }, ['sandbox.e2b', 'sandbox.provider_type']],
    ['a type with a slip', { 'sandbox.provider_type': 'E2B', 'sandbox.e2b': { api_key: SECRET } }, ['sandbox.provider_type']],
    [
      'a name of every object',
      { 'sandbox.provider_type': 'constructor', 'sandbox.constructor': {} },
      ['sandbox.constructor', 'sandbox.provider_type'],
    ],
  ])('%s', (_, rows, names) => {
    const translation = translate(rows);
    expect(translation.providerType).toBeUndefined();
    expect(translation.leftOut.map(({ row }) => row)).toEqual(names);
    expect(inspect(translation.leftOut)).not.toContain(SECRET);
  });

  test.each([
    ['a boolean', true],
    ['zero', 0],
    ['a word', 'soon'],
    ['a list', [30]],
  ])('a time that is %s', (_, timeout) => {
    const { providers, leftOut } = translate({ 'sandbox.self_managed': { endpoint: 'http://x:1', timeout } });
    expect(providers.get('self_managed')?.config).toEqual({ endpoint: 'http://x:1' });
    expect(leftOut).toMatchObject([{ row: 'sandbox.self_managed', field: 'timeout', advice: 'Set "timeoutMs" by hand.' }]);
  });
});

test('all rows of all providers are asked for', () => {
  expect(RAGFLOW_ROWS).toContain('sandbox.provider_type');
  for (const id of ['self_managed', 'aliyun_codeinterpreter', 'e2b', 'local', 'ssh', 'tenki', 'ucloud_agent_sandbox']) {
    expect(RAGFLOW_ROWS).toContain(`sandbox.${id}`);
  }
});
