import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { SandboxError } from '../errors/sandbox-error.ts';
import { EXECUTION_LIMIT_RANGES, REQUEST_LIMITS, SANDBOX_LIMIT_RANGES } from './execution-limits.ts';
import { givenLimits, lowerDefaultLimits, parseExecutionRequest, type ExecutionRequestInput } from './execution-request.ts';

/** Callers are not always TypeScript. */
function parseAnything(input: unknown): ReturnType<typeof parseExecutionRequest> {
  return parseExecutionRequest(input as ExecutionRequestInput);
}

function refusalOf(input: unknown): SandboxError {
  try {
    parseAnything(input);
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('the request was accepted');
}

const code = 'print(1)';
const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
const manyNames = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`N${index}`, 'x']));

describe('parseExecutionRequest', () => {
  test('fills in every default', () => {
    expect(parseExecutionRequest({ code })).toEqual({
      code,
      language: 'python',
      arguments: {},
      files: new Map(),
      environment: {},
      limits: Object.fromEntries(Object.entries(EXECUTION_LIMIT_RANGES).map(([name, range]) => [name, range.default])),
      sandboxLimits: {},
      stdin: Buffer.alloc(0),
      maxWaitMs: undefined,
      network: 'none',
      tenant: 'default',
      onOutput: undefined,
    });
  });

  test('takes every field', () => {
    const onOutput = (): void => undefined;
    const request = parseExecutionRequest({
      code,
      language: 'NodeJS',
      arguments: { name: 'World', nested: [true, null, { deep: 1 }] },
      files: { 'data/input.csv': 'é', 'blob.bin': Uint8Array.of(0, 255) },
      environment: { MODE: 'fast', _x1: '' },
      limits: { timeoutMs: 5, memoryBytes: SANDBOX_LIMIT_RANGES.memoryBytes.min, artifactCount: 0 },
      network: 'none',
      tenant: 'team-7',
      onOutput,
    });
    expect(request).toMatchObject({ language: 'javascript', tenant: 'team-7', environment: { MODE: 'fast', _x1: '' } });
    expect(request.arguments).toEqual({ name: 'World', nested: [true, null, { deep: 1 }] });
    expect([...request.files].map(([path, content]) => [path, [...content]])).toEqual([
      ['data/input.csv', [0xc3, 0xa9]],
      ['blob.bin', [0, 255]],
    ]);
    expect(request.limits).toMatchObject({ timeoutMs: 5, artifactCount: 0 });
    expect(request.sandboxLimits).toEqual({ memoryBytes: SANDBOX_LIMIT_RANGES.memoryBytes.min });
    expect(request.onOutput).toBe(onOutput);
  });

  test('reads undefined as absent', () => {
    expect(parseExecutionRequest({ code, language: undefined, limits: { timeoutMs: undefined }, arguments: undefined })).toEqual(
      parseExecutionRequest({ code }),
    );
  });

  test('lets a checked request pass as it is', () => {
    const request = parseExecutionRequest({ code, arguments: { a: 1 } });
    expect(parseExecutionRequest(request)).toBe(request);
  });

  test('does not trust a request that only looks checked', () => {
    const request = parseExecutionRequest({ code });
    expect(refusalOf({ ...request }).code).toBe('REQUEST_INVALID');
  });

  test('keeps an argument named __proto__, which is data', () => {
    const sent = JSON.parse('{"__proto__": {"polluted": true}}') as ExecutionRequestInput['arguments'];
    const request = parseExecutionRequest({ code, arguments: sent });
    expect(JSON.stringify(request.arguments)).toBe('{"__proto__":{"polluted":true}}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'request'],
    ['null', null, 'request'],
    ['a text', 'print(1)', 'request'],
    ['an array', [], 'request'],
    ['no code', {}, 'code'],
    ['code that is not text', { code: 1 }, 'code'],
    ['code with half a character', { code: 'x\ud800' }, 'code'],
    ['too much code', { code: 'é'.repeat(REQUEST_LIMITS.codeBytes / 2 + 1) }, 'code'],
    ['an unknown field', { code, timeout: 5 }, 'timeout'],
    ['a language that is not text', { code, language: 3 }, 'language'],
    ['arguments that are a list', { code, arguments: [1] }, 'arguments'],
    ['arguments that are null', { code, arguments: null }, 'arguments'],
    ['NaN as an argument', { code, arguments: { x: Number.NaN } }, 'arguments'],
    ['a date as an argument', { code, arguments: { at: new Date(0) } }, 'arguments'],
    ['undefined as an argument', { code, arguments: { x: undefined } }, 'arguments'],
    ['arguments that refer to themselves', { code, arguments: cycle }, 'arguments'],
    ['too many arguments', { code, arguments: { x: 'x'.repeat(REQUEST_LIMITS.argumentsBytes) } }, 'arguments'],
    ['files that are a map', { code, files: new Map([['a', 'b']]) }, 'files'],
    ['a file that leaves the work folder', { code, files: { '../a': '' } }, 'files.../a'],
    ['a file with an absolute path', { code, files: { '/etc/x': '' } }, 'files./etc/x'],
    ['a file that is a number', { code, files: { a: 1 } }, 'files.a'],
    ['a file below a file', { code, files: { a: '', 'a/b/c': '' } }, 'files.a/b/c'],
    ['too many files', { code, files: manyNames }, 'files'],
    ['too many bytes of files', { code, files: { a: new Uint8Array(REQUEST_LIMITS.filesBytes + 1) } }, 'files'],
    ['a file named __proto__', { code, files: JSON.parse('{"__proto__": "x"}') as unknown }, 'files'],
    ['a variable with a bad name', { code, environment: { '1A': '' } }, 'environment.1A'],
    ['a variable with an equals sign', { code, environment: { 'A=B': '' } }, 'environment.A=B'],
    ['a variable that is a number', { code, environment: { A: 1 } }, 'environment.A'],
    ['a variable with a NUL', { code, environment: { A: 'a\0b' } }, 'environment.A'],
    ['a variable with half a character', { code, environment: { A: '\udc00' } }, 'environment.A'],
    ['a variable named __proto__', { code, environment: JSON.parse('{"__proto__": "x"}') as unknown }, 'environment'],
    ['too many variables', { code, environment: manyNames }, 'environment'],
    ['too large an environment', { code, environment: { A: 'x'.repeat(REQUEST_LIMITS.environmentBytes) } }, 'environment'],
    ['limits that are null', { code, limits: null }, 'limits'],
    ['an unknown limit', { code, limits: { timeout: 5 } }, 'limits.timeout'],
    ['a limit that is text', { code, limits: { timeoutMs: '5' } }, 'limits.timeoutMs'],
    ['a limit with a fraction', { code, limits: { timeoutMs: 1.5 } }, 'limits.timeoutMs'],
    ['an unknown network policy', { code, network: 'open' }, 'network'],
    ['an empty tenant', { code, tenant: '' }, 'tenant'],
    ['too long a tenant', { code, tenant: 'x'.repeat(REQUEST_LIMITS.tenantLength + 1) }, 'tenant'],
    ['a callback that is none', { code, onOutput: 'console.log' }, 'onOutput'],
  ])('refuses %s and names the field', (_name, input, field) => {
    const error = refusalOf(input);
    expect(error.code).toBe('REQUEST_INVALID');
    expect(error.details).toEqual({ field });
    expect(error.message.startsWith(`${field}: `)).toBe(true);
    expect(error.suggestion).toContain(field);
  });

  test.each(Object.entries({ ...EXECUTION_LIMIT_RANGES, ...SANDBOX_LIMIT_RANGES }))('keeps %s within its range', (name, range) => {
    for (const value of [range.min, range.max]) expect(() => parseAnything({ code, limits: { [name]: value } })).not.toThrow();
    for (const value of [range.min - 1, range.max + 1]) {
      expect(refusalOf({ code, limits: { [name]: value } }).details).toEqual({ field: `limits.${name}` });
    }
  });

  test('takes exactly as much as the limits say', () => {
    const argumentsRoom = REQUEST_LIMITS.argumentsBytes - JSON.stringify({ x: '' }).length;
    const request = parseExecutionRequest({
      code: 'x'.repeat(REQUEST_LIMITS.codeBytes),
      arguments: { x: 'x'.repeat(argumentsRoom) },
      files: { a: new Uint8Array(REQUEST_LIMITS.filesBytes) },
      environment: { A: 'x'.repeat(REQUEST_LIMITS.environmentBytes - 1) },
      tenant: 'x'.repeat(REQUEST_LIMITS.tenantLength),
    });
    expect(request.files.get('a')?.byteLength).toBe(REQUEST_LIMITS.filesBytes);
  });

  test('refuses an unknown language with the names it knows', () => {
    expect(refusalOf({ code, language: 'ruby' })).toMatchObject({ code: 'LANGUAGE_UNSUPPORTED', details: { field: 'language' } });
  });
});

describe('givenLimits', () => {
  test('gives what the caller wrote, also where it is the default, and nothing that was filled in or lowered', () => {
    const limits = {
      timeoutMs: EXECUTION_LIMIT_RANGES.timeoutMs.default,
      memoryBytes: SANDBOX_LIMIT_RANGES.memoryBytes.min,
      cpus: undefined,
    };
    const request = parseExecutionRequest({ code, limits });
    expect(givenLimits(request)).toEqual({ timeoutMs: limits.timeoutMs, memoryBytes: limits.memoryBytes });
    expect(givenLimits(lowerDefaultLimits(request, { outputBytes: 1000 }))).toEqual(givenLimits(request));
    expect(givenLimits(parseExecutionRequest({ code }))).toEqual({});
  });

  test('gives everything of a request that was checked elsewhere', () => {
    const request = parseExecutionRequest({ code });
    expect(givenLimits({ ...request })).toEqual(request.limits);
  });
});
