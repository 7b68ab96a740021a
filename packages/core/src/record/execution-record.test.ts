import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { SandboxError } from '../errors/sandbox-error.ts';
import { parseExecutionRequest, type ExecutionRequestInput } from '../execution/execution-request.ts';
import type { CompletedResult, ExecutionResult } from '../execution/execution-result.ts';
import { recordOf } from './record-of.ts';
import { readRecord, writeRecord } from './record-text.ts';
import { requestOfRecord } from './request-of-record.ts';

const result: CompletedResult = {
  status: 'completed',
  error: null,
  value: { n: 1 },
  valueJson: '{"n": 12345678901234567890}',
  stdout: 'out',
  stderr: '',
  truncated: { stdout: false, stderr: false },
  exitCode: 0,
  signal: null,
  artifacts: {
    files: [{ path: 'a/b.txt', mediaType: 'text/plain', sizeBytes: 3, content: Buffer.from('abc') }],
    omitted: [{ path: 'c', reason: 'size-limit', sizeBytes: 9 }],
    complete: false,
  },
  clock: { queueMs: 0, claimMs: 1, startMs: 2, runMs: 3, collectMs: 4, totalMs: 10 },
  evidence: [
    { kind: 'exit', observer: 'host', exitCode: 0, signal: null },
    { kind: 'isolation', observer: 'host', isolation: 'wasm', measuredBy: 'test', hardening: ['user'] },
  ],
  isolation: { kind: 'wasm', measuredBy: 'test' },
  providerId: 'wasm',
  language: 'python',
};

const request: ExecutionRequestInput = {
  code: 'print("ü")',
  language: 'python3',
  arguments: { a: [true, null] },
  stdin: 'in',
  files: { 'in/x.bin': new Uint8Array([0, 255]) },
  environment: { API_TOKEN: 'the-secret-value' },
  limits: { timeoutMs: 1000, cpus: 0.5 },
  tenant: 'somebody',
};

const facts = { recordedAtMs: 5, versions: { sandport: '1.2.3' } };
const text = writeRecord(recordOf(request, result, facts));

/** The SandboxError that a call throws; anything else fails the test. */
function failureOf(call: () => unknown): SandboxError {
  try {
    call();
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('a SandboxError was expected');
}

describe('recordOf', () => {
  test('has what was asked for, where it ran and what came of it', () => {
    expect(recordOf(request, result, facts)).toEqual({
      formatVersion: 1,
      recordedAtMs: 5,
      versions: { sandport: '1.2.3', provider: null, interpreter: null },
      provider: { id: 'wasm', isolation: { kind: 'wasm', measuredBy: 'test' }, imageDigest: null },
      request: {
        language: 'python',
        entry: 'main',
        code: 'print("ü")',
        arguments: { a: [true, null] },
        stdinBase64: 'aW4=',
        files: [{ path: 'in/x.bin', contentBase64: 'AP8=' }],
        environmentNames: ['API_TOKEN'],
        limits: { timeoutMs: 1000, cpus: 0.5 },
        network: 'none',
      },
      result: {
        status: 'completed',
        error: null,
        valueJson: '{"n": 12345678901234567890}',
        stdout: 'out',
        stderr: '',
        truncated: { stdout: false, stderr: false },
        exitCode: 0,
        signal: null,
        artifacts: {
          files: [
            {
              path: 'a/b.txt',
              mediaType: 'text/plain',
              sizeBytes: 3,
              sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
            },
          ],
          omitted: [{ path: 'c', reason: 'size-limit', sizeBytes: 9 }],
          complete: false,
        },
        clock: result.clock,
        evidence: result.evidence,
      },
    });
  });

  test('is the same of a checked request, and leaves out what a client alone goes by', () => {
    expect(recordOf(parseExecutionRequest(request), result, facts)).toEqual(recordOf(request, result, facts));
    expect(recordOf({ ...request, repeatable: true } as ExecutionRequestInput, result, facts)).toEqual(recordOf(request, result, facts));
  });

  test('has no value of an environment variable and no tenant', () => {
    expect(text).not.toContain('the-secret-value');
    expect(text).not.toContain('somebody');
  });

  test('tells a script from a main, and neither where the program failed', () => {
    const { value: _, valueJson: __, ...script } = result;
    const failed: ExecutionResult = { ...script, status: 'failed', error: { type: 'E', message: 'm', traceback: '' } };
    expect([script, failed].map((one) => recordOf(request, one).request.entry)).toEqual(['script', null]);
  });

  test('refuses standard input that is a stream, and an artifact that leaves its folder', () => {
    const stream = (async function* () {
      yield 'x';
    })();
    expect(failureOf(() => recordOf({ ...request, stdin: stream }, result))).toMatchObject({ details: { field: 'stdin' } });
    const artifacts = { ...result.artifacts, files: [{ path: '../x', mediaType: '', sizeBytes: 0, content: new Uint8Array() }] };
    expect(failureOf(() => recordOf(request, { ...result, artifacts }))).toMatchObject({ code: 'RESPONSE_INVALID' });
  });
});

describe('a record as text', () => {
  test('is read as it was written, and gives the request back', () => {
    const record = readRecord(text);
    expect(record).toEqual(recordOf(request, result, facts));
    const again = parseExecutionRequest(requestOfRecord(record, { API_TOKEN: 'other' }));
    const { tenant: _, ...first } = parseExecutionRequest({ ...request, environment: { API_TOKEN: 'other' } });
    expect(again).toMatchObject({ ...first, files: new Map([['in/x.bin', Buffer.from([0, 255])]]) });
  });

  test('asks for the values of variables, and for no others', () => {
    const record = readRecord(text);
    expect(failureOf(() => requestOfRecord(record))).toMatchObject({ details: { field: 'environment.API_TOKEN' } });
    expect(failureOf(() => requestOfRecord(record, { API_TOKEN: '', LD_PRELOAD: 'x' }))).toMatchObject({
      details: { field: 'environment.LD_PRELOAD' },
    });
  });

  test.each<[string, string, string]>([
    ['no JSON', '{', 'record'],
    ['JSON of something else', '[]', 'record'],
    ['another version', text.replace('"formatVersion": 1', '"formatVersion": 2'), 'formatVersion'],
    ['a field that nobody knows', text.replace('"formatVersion"', '"extra": 1, "formatVersion"'), 'extra'],
    ['a prototype', text.replace('"formatVersion"', '"__proto__": {"polluted": 1}, "formatVersion"'), '__proto__'],
    ['a prototype within', text.replace('"language"', '"__proto__": {"polluted": 1}, "language"'), 'request.__proto__'],
    ['a path that leaves the work folder', text.replace('in/x.bin', '../x.bin'), 'request.files.0.path'],
    ['an absolute path', text.replace('in/x.bin', '/etc/x'), 'request.files.0.path'],
    ['an artifact that leaves its folder', text.replace('a/b.txt', '../../b'), 'result.artifacts.files.0.path'],
    ['bytes that are none', text.replace('AP8=', 'A*8='), 'request.files.0.contentBase64'],
    ['a digest that is none', text.replace('ba7816bf', 'BA7816BF'), 'result.artifacts.files.0.sha256'],
    ['a variable that is none', text.replace('API_TOKEN', 'A=B'), 'request.environmentNames.0'],
    ['a value that is no JSON', text.replace('12345678901234567890}', ''), 'result.valueJson'],
    ['another network', text.replace('"network": "none"', '"network": "all"'), 'request.network'],
    ['a status that nobody knows', text.replace('"status": "completed"', '"status": "fine"'), 'result.status'],
    ['a failure without an error', text.replace('"status": "completed"', '"status": "failed"'), 'result.error'],
    [
      'arguments of great depth',
      text.replace('"arguments": {', `"arguments": {"x": ${'['.repeat(5000)}${']'.repeat(5000)},`),
      'request.arguments',
    ],
  ])('is refused: %s', (_what, hostile, field) => {
    expect(hostile).not.toBe(text);
    expect(failureOf(() => readRecord(hostile))).toMatchObject({ code: 'REQUEST_INVALID', details: { field } });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('keeps a file whose name is that of a prototype out of the request', () => {
    const record = readRecord(text.replace('in/x.bin', '__proto__'));
    expect(failureOf(() => parseExecutionRequest(requestOfRecord(record, { API_TOKEN: '' })))).toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });
});
