import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeIssue, describeIssues } from './describe-issue.ts';

const schema = z.strictObject({
  apiKey: z.string().min(8),
  pool: z.strictObject({ size: z.int() }).optional(),
  labels: z.record(z.string().regex(/^[a-z]+$/, 'must be lower case'), z.string()).optional(),
});

function describeInput(input: unknown): ReturnType<typeof describeIssue> {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error('the input was accepted');
  return describeIssue(parsed.error, 'config');
}

describe('describeIssue', () => {
  test.each([
    ['a missing field', {}, 'apiKey'],
    ['a nested field', { apiKey: 'long enough', pool: { size: 'two' } }, 'pool.size'],
    ['an unknown field', { apiKey: 'long enough', colour: 'red' }, 'colour'],
    ['an unknown nested field', { apiKey: 'long enough', pool: { size: 1, colour: 'red' } }, 'pool.colour'],
    ['a bad name of a member', { apiKey: 'long enough', labels: { Loud: 'x' } }, 'labels.Loud'],
    ['the whole value', 'text', 'config'],
  ])('names %s', (_name, input, field) => {
    expect(describeInput(input).field).toBe(field);
  });

  test('says what is wrong with a name', () => {
    expect(describeInput({ apiKey: 'long enough', labels: { Loud: 'x' } }).message).toBe('has a name that must be lower case');
  });

  test('never quotes a value, which may be a secret', () => {
    expect(JSON.stringify(describeInput({ apiKey: 'hunter2' }))).not.toContain('hunter2');
  });

  test('has words even for an error without findings', () => {
    expect(describeIssue(new z.ZodError([]), 'config')).toEqual({ field: 'config', message: 'is not valid' });
  });
});

describe('describeIssues', () => {
  test('names every field that is wrong, each unknown one by itself', () => {
    const parsed = schema.safeParse({ apiKey: 'short', pool: { size: 'two' }, colour: 'red', shape: 'round' });
    expect(parsed.success).toBe(false);
    const fields = parsed.error === undefined ? [] : describeIssues(parsed.error, 'config').map(({ field }) => field);
    expect(fields).toEqual(['apiKey', 'pool.size', 'colour', 'shape']);
  });
});
