import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from './secret.ts';

const secret = new Secret('hunter2');
const holder = { apiKey: secret, nested: [{ secret }] };

describe('Secret', () => {
  test('gives its text when asked by name', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  test.each([
    ['inspection', inspect(secret)],
    ['deep inspection with hidden members', inspect(holder, { depth: 10, showHidden: true, getters: true })],
    ['a log line', format('%o %O %s %j', holder, holder, secret, holder)],
    ['JSON', JSON.stringify(holder)],
    ['a template', `${String(secret)}`],
    ['joining', [secret].join()],
    ['its members', JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret).map(String)])],
    ['an error that carries it', inspect(new Error('x', { cause: holder }), { depth: 10 })],
  ])('keeps its text out of %s', (_name, text) => {
    expect(text).not.toContain('hunter2');
  });

  test('says that something is there', () => {
    expect(inspect(secret)).toBe('[redacted]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
  });
});
