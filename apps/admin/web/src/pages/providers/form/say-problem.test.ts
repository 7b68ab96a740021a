import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { patternRule } from './field-words.ts';
import { problemSayer } from './say-problem.ts';
import { findSchemaProblems } from './schema-problems.ts';

const schema = {
  type: 'object',
  properties: {
    dockerHost: { type: 'string', pattern: '^unix:///' },
    preload: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' } },
    headers: { type: 'object', propertyNames: { type: 'string', pattern: '^[a-z]+$' } },
    tlsCa: { type: 'string', pattern: 'CERTIFICATE-----' },
  },
};

/** Gives the key where another gives the text. */
const keyOf = ((key: string) => key) as TFunction;

test.each([
  ['docker', { dockerHost: 'ftp://engine' }, patternRule('docker', 'dockerHost')],
  ['docker', { preload: ['numpy', '2d'] }, patternRule('docker', 'preload')],
  ['e2b', { headers: { 'x y': '' } }, patternRule('e2b', 'headers')],
  ['docker', { tlsCa: 'no certificate' }, 'form.errors.pem'],
  ['docker', { headers: { 'x y': '' } }, 'form.errors.pattern'],
  ['one-of-tomorrow', { dockerHost: 'ftp://engine' }, 'form.errors.pattern'],
])('a value of %s that breaks a pattern is told its rule: %o', (providerId, config, said) => {
  const problems = findSchemaProblems(schema, config).filter(({ keyword }) => keyword === 'pattern');
  expect(said).toMatch(/\S/);
  expect(problems.map(problemSayer(keyOf, providerId))).toEqual([said]);
});

test('a rule is told in the language of the page', () => {
  expect(patternRule('docker', 'dockerHost', 'en')).toContain('Must begin with unix:///');
  expect(patternRule('docker', 'dockerHost', 'zh')).toContain('必须以 unix:///');
});
