import { describe, expect, test } from 'vitest';
import { controlOf, editableFields, formSchemaOf } from '../../web/src/pages/providers/form/form-schema.ts';
import { findSchemaProblems } from '../../web/src/pages/providers/form/schema-problems.ts';
import { definitions, describe as describeProvider, storedInUse } from './played-providers.ts';

describe.each(definitions.map((definition) => [definition.id, definition] as const))('the form of %s', (id, definition) => {
  const description = describeProvider(definition, 12);
  const schema = formSchemaOf(description);

  test('has a control for every field that can be changed here', () => {
    for (const field of editableFields(description.fields)) expect(controlOf(field, description.schema), field.name).toMatch(/\S/);
    expect(Object.keys(schema.properties ?? {})).toEqual(editableFields(description.fields).map(({ name }) => name));
  });

  test('takes its own defaults', () => {
    const defaults = editableFields(description.fields).flatMap((field) =>
      field.default === undefined ? [] : [[field.name, field.default] as const],
    );
    const problems = findSchemaProblems(schema, Object.fromEntries(defaults)).filter(({ keyword }) => keyword !== 'required');
    expect(problems).toEqual([]);
  });

  test('finds what the played configuration breaks, and nothing else', () => {
    const problems = findSchemaProblems(schema, storedInUse[id]?.config ?? {});
    // An address is checked by the server alone: its rule has no words in JSON Schema.
    expect(problems.filter(({ keyword }) => keyword !== 'required')).toEqual([]);
  });

  test('tells numbers out of range', () => {
    const ranged = editableFields(description.fields).filter(({ min }) => min !== undefined);
    const data = Object.fromEntries(ranged.map(({ name, min }) => [name, (min ?? 0) - 1]));
    const found = new Set(findSchemaProblems(schema, data).map(({ path }) => path[0]));
    expect([...found]).toEqual(expect.arrayContaining(ranged.map(({ name }) => name)));
  });
});
