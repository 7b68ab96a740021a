import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describeConfig } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { en } from '../../web/src/i18n/en.ts';
import { optionTexts } from '../../web/src/i18n/option-texts.ts';
import { patternTexts } from '../../web/src/i18n/pattern-texts.ts';
import { zh } from '../../web/src/i18n/zh.ts';
import { zhProviders } from '../../web/src/i18n/zh-providers.ts';
import { editableFields, formSchemaOf } from '../../web/src/pages/providers/form/form-schema.ts';
import { definitions, describe as describeProvider } from './played-providers.ts';

const HAN = /\p{Script=Han}/u;

describe.each(definitions.map((definition) => [definition.id, definition] as const))('%s in Chinese', (id, definition) => {
  const { configSchema } = definition;
  const fields = describeConfig(configSchema);

  test('has its name and description', () => {
    expect(zhProviders[id]?.displayName).toMatch(/\S/);
    expect(zhProviders[id]?.description).toMatch(HAN);
  });

  test('has every field, and no field that is not there', () => {
    expect(Object.keys(zhProviders[id]?.fields ?? {}).toSorted()).toEqual(fields.map(({ name }) => name).toSorted());
  });

  test('says what every field is for, with the names of its options and variables as they are', () => {
    for (const { name, help } of fields) {
      const text = zhProviders[id]?.fields[name]?.help ?? '';
      const kept = help.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g) ?? [];
      expect(text, name).toMatch(/\S/);
      for (const word of kept) expect(text, name).toContain(word);
    }
  });

  test('says what every option means, in both languages', () => {
    const options = fields.flatMap(({ name, options: given }) => (given ?? []).map((option) => `${name}/${option}`));
    const told = Object.entries(optionTexts[id] ?? {}).flatMap(([name, meanings]) =>
      Object.keys(meanings).map((option) => `${name}/${option}`),
    );
    expect(told.toSorted()).toEqual(options.toSorted());
  });

  test('says what every pattern of a field in the form asks for, in both languages', () => {
    const description = describeProvider(definition, 12);
    const { properties = {} } = formSchemaOf(description);
    const named = editableFields(description.fields).filter(({ name }) =>
      patternsIn(properties[name]).some((one) => !one.includes('-----')),
    );
    const told = patternTexts[id] ?? {};
    expect(Object.keys(told).toSorted()).toEqual(named.map(({ name }) => name).toSorted());
    for (const { en: english, zh: chinese } of Object.values(told)) {
      expect(english).toMatch(/^[A-Z].*\.$/);
      expect(chinese).toMatch(HAN);
    }
  });
});

/** The expressions that a schema and those within it ask for. */
function patternsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => (name === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value)));
}

test('every action of the audit has a text', () => {
  const source = readFileSync(
    path.resolve(import.meta.dirname, '../../../../packages/settings/src/configurations/rows/audit-rows.ts'),
    'utf8',
  );
  const union = /export type AuditAction =([^;]*);/.exec(source)?.[1] ?? '';
  const actions = [...union.matchAll(/'([a-z-]+)'/g)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(5);
  expect(Object.keys(en.audit.actions)).toEqual(expect.arrayContaining(actions));
});

/** Every text with its key. */
function textsIn(part: object, key = ''): [string, string][] {
  return Object.entries(part).flatMap(([name, value]) =>
    typeof value === 'string' ? [[`${key}${name}`, value] as [string, string]] : textsIn(value as object, `${key}${name}.`),
  );
}

test('each language fills in the same things, and leaves none empty', () => {
  const chinese = new Map(textsIn(zh));
  const slots = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].toSorted();
  for (const [key, text] of textsIn(en)) {
    expect(chinese.get(key), key).toMatch(/\S/);
    expect(slots(chinese.get(key) ?? ''), key).toEqual(slots(text));
  }
});
