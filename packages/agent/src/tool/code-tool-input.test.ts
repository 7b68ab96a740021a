import { describe, expect, test } from 'vitest';
import { KeptWorld } from '../../test/kept-world.ts';
import { createCodeTool } from './code-tool.ts';

const tool = createCodeTool({ runner: new KeptWorld(), files: { 'data.csv': 'a' }, maxCodeCharacters: 1000 });
const language = 'python';

function nested(depth: number): unknown {
  return parsed(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
}

function parsed(json: string): unknown {
  return JSON.parse(json);
}

describe('input of a model', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'input'],
    ['a text', 'print(1)', 'input'],
    ['an array', [], 'input'],
    ['no code', { language }, 'code'],
    ['code that is no text', { language, code: { toString: 'x' } }, 'code'],
    ['empty code', { language, code: '' }, 'code'],
    ['huge code', { language, code: 'x'.repeat(1001) }, 'code'],
    ['code that is no Unicode', { language, code: '"\ud800"' }, 'code'],
    ['no language', { code: '1' }, 'language'],
    ['another language', { language: 'bash', code: 'ls' }, 'language'],
    ['a name of a prototype as language', { language: '__proto__', code: '1' }, 'language'],
    ['a field that is not known', { language, code: '1', timeoutMs: 1e9 }, 'timeoutMs'],
    ['a tenant', { language, code: '1', tenant: 'other' }, 'tenant'],
    ['arguments that are an array', { language, code: '1', arguments: [1] }, 'arguments'],
    ['arguments as JSON text', { language, code: '1', arguments: '{"a":1}' }, 'arguments'],
    ['arguments that JSON cannot carry', { language, code: '1', arguments: { a: Number.NaN } }, 'arguments'],
    ['arguments that are nested too deep', { language, code: '1', arguments: nested(5000) }, 'arguments'],
    ['arguments that would change a prototype', { language, code: '1', arguments: parsed('{"__proto__":{"x":1}}') }, 'arguments'],
    ['a file that was not offered', { language, code: '1', files: ['/etc/passwd'] }, 'files.0'],
    ['more files than there are', { language, code: '1', files: ['data.csv', 'data.csv'] }, 'files'],
  ])('is refused when it is %s', async (_name, input, field) => {
    const { model, result, error } = await tool.run(input);
    expect(model).toMatchObject({
      status: 'refused',
      code: 'REQUEST_INVALID',
      notes: ['Nothing was run. Correct the named field and call again.'],
    });
    expect(model.error?.startsWith(`${field}: `), model.error).toBe(true);
    expect(model.error?.length).toBeLessThanOrEqual(500);
    expect(result).toBeNull();
    expect(error).toMatchObject({ code: 'REQUEST_INVALID', details: { field } });
  });

  test('can be told to a model as JSON Schema', () => {
    expect(tool.inputJsonSchema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['code', 'language'],
      properties: {
        code: { type: 'string', maxLength: 1000 },
        language: { enum: ['python', 'javascript'] },
        arguments: { type: 'object' },
        files: { type: 'array', items: { enum: ['data.csv'] } },
      },
    });
  });

  test('has no fields without a choice', () => {
    const small = createCodeTool({ runner: new KeptWorld(), languages: ['javascript'] });
    expect(Object.keys(small.inputSchema.shape)).toEqual(['code', 'arguments']);
  });
});
