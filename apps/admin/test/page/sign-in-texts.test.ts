import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filled, textAt } from '../../web/src/sign-in/sign-in-texts.ts';

test('every text that the document names is there in both languages', () => {
  const document = readFileSync(new URL('../../web/sign-in.html', import.meta.url), 'utf8');
  const keys = [...document.matchAll(/data-(?:text|label)="([^"]*)"/g)].map(([, key = '']) => key);
  expect(keys.length).toBeGreaterThan(10);
  for (const key of keys) for (const language of ['en', 'zh'] as const) expect(textAt(language, key), key).toMatch(/\S/);
});

test('a text that is not there is an error', () => {
  for (const key of ['session.nothing', 'nothing.at.all', 'session']) expect(() => textAt('en', key)).toThrow(key);
});

test('slots are filled in as they are', () => {
  expect(filled('Continue with {{name}}, {{name}}', { name: '$& <b>' })).toBe('Continue with $& <b>, $& <b>');
});
