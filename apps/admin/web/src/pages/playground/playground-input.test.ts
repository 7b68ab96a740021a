import { describe, expect, test } from 'vitest';
import { initialInput, readInput } from './kept-input.ts';
import { checkInput, MAX_FILES_BYTES, type PlaygroundInput } from './playground-input.ts';

const input = (change: Partial<PlaygroundInput> = {}): PlaygroundInput => ({
  ...initialInput(),
  configuration: { providerId: 'wasm', version: null },
  argumentsText: '',
  ...change,
});

const file = (path: string, sizeBytes = 1) => ({ path, base64: 'eA==', sizeBytes });

function problemsOf(change: Partial<PlaygroundInput>): unknown {
  const checked = checkInput(input(change));
  return 'problems' in checked ? checked.problems.map(({ field, key, values }) => [field, key, values]) : checked.body;
}

describe('checkInput', () => {
  test('leaves out what says nothing', () => {
    expect(checkInput(input({ code: { python: 'x = 1', javascript: 'no' } }))).toEqual({
      body: { configuration: { providerId: 'wasm', version: null }, language: 'python', code: 'x = 1', network: 'none' },
    });
  });

  test('sends everything that was typed, in the units of the API', () => {
    const checked = checkInput(
      input({
        configuration: { providerId: 'docker', version: 7 },
        language: 'javascript',
        code: { python: '', javascript: 'y' },
        argumentsText: ' {"a": [1]} ',
        stdin: 'in',
        environment: 'A=1=2\n\n  B_2=\n',
        limits: { timeoutSeconds: 0.1, memoryMebibytes: 64, outputKibibytes: 2, processes: 8 },
        files: [file('data/a.txt')],
      }),
    );
    expect(checked).toEqual({
      body: {
        configuration: { providerId: 'docker', version: 7 },
        language: 'javascript',
        code: 'y',
        arguments: { a: [1] },
        environment: { A: '1=2', B_2: '' },
        files: { 'data/a.txt': { base64: 'eA==' } },
        stdin: { text: 'in' },
        limits: { timeoutMs: 100, memoryBytes: 67_108_864, outputBytes: 2048, processes: 8 },
        network: 'none',
      },
    });
  });

  test.each<[Partial<PlaygroundInput>, unknown]>([
    [{ configuration: null }, ['configuration', 'configurationMissing', {}]],
    [{ argumentsText: '[1]' }, ['arguments', 'argumentsNoObject', {}]],
    [{ argumentsText: 'null' }, ['arguments', 'argumentsNoObject', {}]],
    [{ environment: 'A=1\nnothing' }, ['environment', 'environmentLine', { line: 2 }]],
    [{ environment: '__proto__=1' }, ['environment', 'environmentLine', { line: 1 }]],
    [{ environment: 'A=1\nA=2' }, ['environment', 'environmentTwice', { name: 'A' }]],
    [{ files: [file('../a')] }, ['files', 'filePath', { path: '../a' }]],
    [{ files: [file('/a')] }, ['files', 'filePath', { path: '/a' }]],
    [{ files: [file('__proto__')] }, ['files', 'filePath', { path: '__proto__' }]],
    [{ files: [file('a'), file('a')] }, ['files', 'filePath', { path: 'a' }]],
    [{ files: [file('a', MAX_FILES_BYTES), file('b')] }, ['files', 'filesTooLarge', {}]],
  ])('refuses %j', (change, problem) => {
    expect(problemsOf(change)).toEqual([problem]);
  });

  test('tells what is wrong with JSON', () => {
    const checked = checkInput(input({ argumentsText: '{"a": }' }));
    const [problem] = 'problems' in checked ? checked.problems : [];
    expect([problem?.field, problem?.key]).toEqual(['arguments', 'argumentsNoJson']);
    expect(problem?.values['message']).toContain('JSON');
  });

  test('tells everything that is wrong at once', () => {
    const checked = checkInput(input({ argumentsText: '[', environment: '=', files: [file('')] }));
    expect('problems' in checked && checked.problems.map(({ field }) => field)).toEqual(['arguments', 'environment', 'files']);
  });
});

describe('readInput', () => {
  test('gives back what was kept', () => {
    const given = input({ limits: { timeoutSeconds: 5, memoryMebibytes: null, outputKibibytes: null, processes: 16 }, files: [file('a')] });
    expect(readInput(JSON.parse(JSON.stringify(given)))).toEqual(given);
  });

  test.each([undefined, null, 5, 'text', []])('takes %j for nothing', (kept) => {
    expect(readInput(kept)).toBeUndefined();
  });

  test('takes of a spoiled one what is left', () => {
    const spoiled = {
      configuration: { providerId: 7 },
      language: 'cobol',
      code: { python: 'kept', javascript: 5 },
      limits: { timeoutSeconds: -1, processes: 'many' },
      files: [{ path: 'a' }, file('b')],
      stdin: 5,
    };
    expect(readInput(spoiled)).toEqual({
      ...initialInput(),
      argumentsText: '',
      code: { ...initialInput().code, python: 'kept' },
      files: [file('b')],
    });
  });
});
