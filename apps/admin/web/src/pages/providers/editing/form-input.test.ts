import type { ConfigField } from '@sandport/admin-api';
import { describe, expect, test } from 'vitest';
import { changedFields, isSameValue, missingSecrets, providerChange, storedInput, takeOver, type FormInput } from './form-input.ts';
import { keepInput, restoreInput } from './kept-input.ts';
import { placeProblems } from './server-problems.ts';

function field(name: string, more: Partial<ConfigField> = {}): ConfigField {
  return { name, label: name, help: name, type: 'string', unit: null, required: false, secret: false, scope: 'runtime', ...more };
}

const fields = [
  field('host'),
  field('cpus'),
  field('image', { scope: 'deployment' }),
  field('key', { secret: true, required: true }),
  field('proxy', { secret: true }),
];
const stored = { config: { host: 'a', image: 'b' }, secrets: { key: 'sealed', proxy: 'clear' }, problem: null } as const;

describe('input', () => {
  test('begins with what is stored and can be changed here', () => {
    expect(storedInput({ fields, stored })).toEqual({ config: { host: 'a' }, secrets: {} });
    expect(storedInput({ fields, stored: null })).toEqual({ config: {}, secrets: {} });
  });

  test('tells what was changed, whatever the order of members', () => {
    const before: FormInput = { config: { marks: { a: 1, b: 2 }, host: 'a', gone: 1 }, secrets: {} };
    const after: FormInput = {
      config: { host: 'b', marks: { b: 2, a: 1 }, fresh: true },
      secrets: { key: { act: 'replace', value: 'x' }, proxy: { act: 'keep' } },
    };
    expect(changedFields(before, after)).toEqual(['host', 'gone', 'fresh', 'key']);
    expect(isSameValue([1, 2], [2, 1])).toBe(false);
  });
});

describe('what is sent', () => {
  test('keeps secrets that were not touched', () => {
    expect(providerChange({ fields, stored }, { config: { host: 'a' }, secrets: {} })).toEqual({
      config: { host: 'a' },
      keep: ['key', 'proxy'],
    });
  });

  test('has a new secret, and leaves out one that goes', () => {
    const input: FormInput = { config: {}, secrets: { key: { act: 'replace', value: 'new' }, proxy: { act: 'clear' } } };
    expect(providerChange({ fields, stored }, input)).toEqual({ config: { key: 'new' }, keep: [] });
  });

  test('keeps a secret for which nothing was typed, and names none that is not stored', () => {
    const input: FormInput = { config: {}, secrets: { key: { act: 'replace', value: '' } } };
    expect(providerChange({ fields, stored }, input).keep).toEqual(['key', 'proxy']);
    expect(providerChange({ fields, stored: null }, input)).toEqual({ config: {}, keep: [] });
  });

  test('lacks a required secret that is not stored, or would go', () => {
    const names = (input: FormInput, base: typeof stored | null): string[] =>
      missingSecrets({ fields, stored: base }, input).map(({ name }) => name);
    expect(names({ config: {}, secrets: {} }, stored)).toEqual([]);
    expect(names({ config: {}, secrets: {} }, null)).toEqual(['key']);
    expect(names({ config: {}, secrets: { key: { act: 'clear' } } }, stored)).toEqual(['key']);
    expect(names({ config: {}, secrets: { key: { act: 'replace', value: 'x' } } }, null)).toEqual([]);
  });
});

describe('taking over', () => {
  test('puts my changes on what others have changed', () => {
    expect(takeOver({ a: 1, b: 1, c: 1 }, { a: 2, b: 1 }, { a: 1, b: 5, c: 1, d: 1 })).toEqual({ a: 2, b: 5, d: 1 });
  });
});

describe('input that is kept', () => {
  function storage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & { readonly items: Map<string, string> } {
    const items = new Map<string, string>();
    return {
      items,
      getItem: (name) => items.get(name) ?? null,
      setItem: (name, value) => void items.set(name, value),
      removeItem: (name) => void items.delete(name),
    };
  }

  test('comes back on new ground, and never has a secret', () => {
    const place = storage();
    keepInput(place, 'form', { a: 1, b: 1 }, { config: { a: 2, b: 1 }, secrets: { key: { act: 'replace', value: 'hush' } } }, 5);
    expect([...place.items.values()].join('')).not.toContain('hush');
    expect(restoreInput(place, 'form', { a: 1, b: 9 })).toEqual({ config: { a: 2, b: 9 }, atMs: 5 });
  });

  test('is forgotten when nothing is unsaved', () => {
    const place = storage();
    keepInput(place, 'form', { a: 1 }, { config: { a: 2 }, secrets: {} }, 5);
    keepInput(place, 'form', { a: 1 }, { config: { a: 1 }, secrets: {} }, 6);
    expect(place.items.size).toBe(0);
  });

  test.each(['', 'x', 'null', '{"before":[],"config":{},"atMs":1}', '{"before":{},"config":{"a":1}}'])(
    'is nothing when it is %j',
    (text) => {
      const place = storage();
      place.items.set('form', text);
      expect(restoreInput(place, 'form', {})).toBeUndefined();
    },
  );
});

test('problems of the server come to their fields; the others are told above', () => {
  const problems = [
    { field: 'change.providers.docker.config.cpus', message: 'one' },
    { field: 'hosts.2', message: 'two' },
    { field: 'change.reason', message: 'three' },
  ];
  expect(placeProblems(problems, new Set(['cpus', 'hosts']))).toEqual({
    placed: [
      { path: ['cpus'], message: 'one' },
      { path: ['hosts', '2'], message: 'two' },
    ],
    others: [problems[2]],
  });
});
