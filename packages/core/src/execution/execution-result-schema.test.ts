import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SandboxError } from '../errors/sandbox-error.ts';
import { MAX_JSON_DEPTH, type JsonValue } from '../json.ts';
import { ARTIFACT_OMISSION_REASONS } from './artifact.ts';
import type { Evidence } from './evidence.ts';
import { decodeExecutionResult, encodeExecutionResult } from './execution-result-schema.ts';
import { EXECUTION_STATUSES, type ExecutionFacts, type ExecutionResult, type ExecutionStatus } from './execution-result.ts';

/** One of every kind, so that the codec cannot forget one; the compiler demands each. */
const EVIDENCE: { readonly [Kind in Evidence['kind']]: Extract<Evidence, { kind: Kind }> } = {
  exit: { kind: 'exit', observer: 'supervisor', exitCode: null, signal: 'SIGSEGV' },
  timer: { kind: 'timer', observer: 'host', limitMs: 500, elapsedMs: 500.25 },
  'out-of-memory': { kind: 'out-of-memory', observer: 'engine', source: 'cgroup-v2-oom-kill', limitBytes: 134_217_728, kills: null },
  'output-limit': { kind: 'output-limit', observer: 'host', stream: 'stderr', limitBytes: 1024 },
  limit: { kind: 'limit', observer: 'supervisor', limit: 'processes', source: 'cgroup-v1-pids-events', count: 3 },
  abort: { kind: 'abort', observer: 'host' },
  'sandbox-end': { kind: 'sandbox-end', observer: 'engine', exitCode: 137 },
  isolation: {
    kind: 'isolation',
    observer: 'supervisor',
    isolation: 'runc',
    measuredBy: 'namespaces',
    hardening: ['user', 'capabilities'],
  },
  'value-channel': { kind: 'value-channel', observer: 'host', state: 'malformed' },
};

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);

const FACTS: ExecutionFacts = {
  stdout: 'a\u0000b\r\n\u001B[0m漢🙂\uD800',
  stderr: '',
  truncated: { stdout: true, stderr: false },
  exitCode: 3,
  signal: null,
  artifacts: {
    files: [
      { path: 'bytes.bin', mediaType: 'application/octet-stream', sizeBytes: 256, content: everyByte },
      { path: 'empty', mediaType: 'application/octet-stream', sizeBytes: 0, content: new Uint8Array() },
      { path: 'part', mediaType: 'text/plain', sizeBytes: 2, content: everyByte.subarray(65, 67) },
    ],
    omitted: ARTIFACT_OMISSION_REASONS.map((reason, index) => ({ path: `left/${index}`, reason, sizeBytes: index === 0 ? null : index })),
    complete: false,
  },
  clock: { queueMs: 0, claimMs: 0.5, startMs: 1, runMs: 2, collectMs: 3, totalMs: 6.5 },
  evidence: Object.values(EVIDENCE),
  isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log', hardening: ['no-new-privileges'] },
  providerId: 'docker',
  language: 'python',
};

function resultWith(status: ExecutionStatus, changes: object = {}): ExecutionResult {
  const error = status === 'failed' ? { type: 'ValueError', message: 'no', traceback: 'line 1\n' } : null;
  return { ...FACTS, status, error, ...changes } as ExecutionResult;
}

/** As it would come out of a table or off a wire. */
const throughText = (result: ExecutionResult): ExecutionResult =>
  decodeExecutionResult(JSON.parse(JSON.stringify(encodeExecutionResult(result))));

describe('the codec of results', () => {
  test.each(EXECUTION_STATUSES)('brings a result of status %s back whole', (status) => {
    const result = resultWith(status);
    expect(throughText(result)).toStrictEqual(result);
  });

  test('brings artifacts back as bytes of their own', () => {
    const { files } = throughText(resultWith('completed')).artifacts;
    expect(files.map(({ content }) => [content.constructor, [...content]])).toEqual([
      [Uint8Array, [...everyByte]],
      [Uint8Array, []],
      [Uint8Array, [65, 66]],
    ]);
  });

  test('brings a large artifact back', () => {
    const content = new Uint8Array(12 * 1024 * 1024).map((_, index) => index % 251);
    const files = [{ path: 'large.bin', mediaType: 'application/octet-stream', sizeBytes: content.byteLength, content }];
    const [file] = throughText(resultWith('completed', { artifacts: { files, omitted: [], complete: true } })).artifacts.files;
    expect(file?.content.byteLength).toBe(content.byteLength);
    expect(Buffer.compare(file?.content ?? new Uint8Array(), content)).toBe(0);
  });

  test.each<[string, JsonValue]>([
    ['null', null],
    ['false', false],
    ['an empty text', ''],
    ['a list', [1, [2, { three: null }]]],
    ['a name that prototypes have', JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as JsonValue],
  ])('keeps a value that is %s', (_, value) => {
    const decoded = throughText(resultWith('completed', { value, valueJson: JSON.stringify(value) }));
    expect(decoded).toHaveProperty('value');
    expect(decoded.status === 'completed' && JSON.stringify(decoded.value)).toBe(JSON.stringify(value));
  });

  test('keeps a value of the greatest depth', () => {
    const valueJson = '['.repeat(MAX_JSON_DEPTH) + ']'.repeat(MAX_JSON_DEPTH);
    const result = resultWith('completed', { value: JSON.parse(valueJson) as JsonValue, valueJson });
    expect(throughText(result)).toStrictEqual(result);
  });

  test('keeps exact JSON text that no number here can hold', () => {
    const result = resultWith('completed', { value: 9_007_199_254_740_992, valueJson: '9007199254740993' });
    expect(throughText(result)).toStrictEqual(result);
  });

  test('makes no value where there was none', () => {
    expect(throughText(resultWith('completed'))).not.toHaveProperty('value');
    expect(throughText(resultWith('completed', { value: undefined }))).not.toHaveProperty('value');
  });

  test('keeps isolation whose hardening nobody measured', () => {
    const isolation = { kind: 'remote', measuredBy: 'the service' };
    expect(throughText(resultWith('killed', { isolation })).isolation).toStrictEqual(isolation);
  });
});

/** What `change` makes of the encoding of a sound result. */
function refusalOf(status: ExecutionStatus, change: (encoded: Record<string, unknown>) => unknown): string {
  const encoded: Record<string, unknown> = encodeExecutionResult(resultWith(status));
  try {
    decodeExecutionResult(change(encoded));
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    const field = error.message.split(':')[0] ?? '';
    expect(error.details?.['field']).toBe(field);
    return `${error.code} ${field}`;
  }
  return 'accepted';
}

const withMember = (name: string, value: unknown) => (encoded: Record<string, unknown>) => ({ ...encoded, [name]: value });
const withEvidence = (evidence: unknown) => withMember('evidence', [evidence]);
const withArtifact = (change: object) => (encoded: Record<string, unknown>) => ({
  ...encoded,
  artifacts: {
    files: [{ path: 'a', mediaType: 'text/plain', sizeBytes: 3, content: 'YWJj', ...change }],
    omitted: [],
    complete: true,
  },
});

describe('what is no result', () => {
  test('the sound samples of these tests are taken', () => {
    expect(refusalOf('completed', (encoded) => encoded)).toBe('accepted');
    expect(refusalOf('completed', withArtifact({}))).toBe('accepted');
    expect(refusalOf('completed', withEvidence(EVIDENCE.timer))).toBe('accepted');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', '{}'],
    ['a list', []],
  ])('is refused: %s', (_, json) => {
    expect(refusalOf('completed', () => json)).toBe('RESPONSE_INVALID result');
  });

  test.each<[string, ExecutionStatus, (encoded: Record<string, unknown>) => unknown]>([
    ['status', 'completed', withMember('status', 'succeeded')],
    ['status', 'completed', withMember('status', undefined)],
    ['error', 'completed', withMember('error', { type: 'E', message: '', traceback: '' })],
    ['error', 'failed', withMember('error', null)],
    ['error.traceback', 'failed', withMember('error', { type: 'E', message: '' })],
    ['value', 'failed', withMember('value', 1)],
    ['value', 'timed-out', withMember('value', null)],
    ['value', 'completed', withMember('value', Number.NaN)],
    ['valueJson', 'completed', withMember('valueJson', 1)],
    ['stdout', 'killed', withMember('stdout', undefined)],
    ['stderr', 'killed', withMember('stderr', null)],
    ['truncated.stderr', 'killed', withMember('truncated', { stdout: true })],
    ['exitCode', 'killed', withMember('exitCode', 1.5)],
    ['signal', 'killed', withMember('signal', 9)],
    ['clock.totalMs', 'cancelled', withMember('clock', { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0 })],
    ['isolation.kind', 'cancelled', withMember('isolation', { kind: 'chroot', measuredBy: 'x' })],
    ['isolation.hardening.0', 'cancelled', withMember('isolation', { kind: 'runc', measuredBy: 'x', hardening: ['luck'] })],
    ['providerId', 'cancelled', withMember('providerId', 5)],
    ['language', 'cancelled', withMember('language', 'python3')],
    ['evidence', 'completed', withMember('evidence', [])],
    ['evidence.0.kind', 'completed', withEvidence({ kind: 'hearsay', observer: 'host' })],
    ['evidence.0.observer', 'completed', withEvidence({ ...EVIDENCE.timer, observer: 'program' })],
    ['evidence.0.observer', 'completed', withEvidence({ ...EVIDENCE.abort, observer: 'engine' })],
    ['evidence.0.source', 'completed', withEvidence({ ...EVIDENCE['out-of-memory'], source: 'exit-code-137' })],
    ['evidence.0.guess', 'completed', withEvidence({ ...EVIDENCE.exit, guess: true })],
    ['artifacts.files.0.content', 'completed', withArtifact({ content: 'no base64!' })],
    ['artifacts.files.0.content', 'completed', withArtifact({ content: [97, 98, 99] })],
    ['artifacts.files.0', 'completed', withArtifact({ sizeBytes: 4 })],
    ['artifacts.files.0.sizeBytes', 'completed', withArtifact({ sizeBytes: -1 })],
    ['artifacts.files.0.owner', 'completed', withArtifact({ owner: 'root' })],
    [
      'artifacts.omitted.0.reason',
      'completed',
      withMember('artifacts', { files: [], omitted: [{ path: '', reason: 'mood', sizeBytes: null }], complete: false }),
    ],
    ['verdict', 'completed', withMember('verdict', 'fine')],
  ])('is refused with the field %s, in a result that %s', (field, status, change) => {
    expect(refusalOf(status, change)).toBe(`RESPONSE_INVALID ${field}`);
  });

  test('is refused without quoting what it held', () => {
    const encoded = { ...encodeExecutionResult(resultWith('completed')), stdout: ['the-token'] };
    const outcome = (() => {
      try {
        return decodeExecutionResult(encoded);
      } catch (error) {
        return error;
      }
    })();
    expect(SandboxError.isInstance(outcome)).toBe(true);
    expect(inspect(outcome, { depth: 10, showHidden: true })).not.toContain('the-token');
  });
});
