import { parseExecutionRequest, type ExecutionRequestInput } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { requestDigestOf } from '../../src/idempotency/request-digest.ts';
import { failureOf } from '../failure-of.ts';

const digestOf = (input: Partial<ExecutionRequestInput> = {}) => requestDigestOf(parseExecutionRequest({ code: 'p', ...input }));

describe('the digest of a request', () => {
  test.each<[string, Partial<ExecutionRequestInput>]>([
    ['code', { code: 'q' }],
    ['language', { language: 'javascript' }],
    ['arguments', { arguments: { a: 1 } }],
    ['files', { files: { a: '' } }],
    ['environment', { environment: { A: '' } }],
    ['standard input', { stdin: 'x' }],
    ['a limit of the execution', { limits: { timeoutMs: 1 } }],
    ['a limit of the sandbox', { limits: { memoryBytes: 64 * 1024 * 1024 } }],
  ])('is another one for other %s', (_, input) => {
    expect(digestOf(input)).not.toBe(digestOf());
  });

  test('is the same for spellings of the same', () => {
    expect(
      digestOf({ language: 'Python3', arguments: {}, files: {}, stdin: new Uint8Array(), limits: { timeoutMs: 30_000 }, network: 'none' }),
    ).toBe(digestOf());
    expect(digestOf({ files: { a: 'ż' } })).toBe(digestOf({ files: { a: new TextEncoder().encode('ż') } }));
    expect(digestOf()).toMatch(/^[0-9a-f]{64}$/);
  });

  test('does not depend on the order of members', () => {
    expect(digestOf({ arguments: { a: 1, b: [{ c: 2, d: 3 }] }, files: { x: '1', y: '2' }, environment: { A: '1', B: '2' } })).toBe(
      digestOf({ arguments: { b: [{ d: 3, c: 2 }], a: 1 }, files: { y: '2', x: '1' }, environment: { B: '2', A: '1' } }),
    );
  });

  test('depends on the order of lists, and on where in the request something stands', () => {
    expect(digestOf({ arguments: { a: [1, 2] } })).not.toBe(digestOf({ arguments: { a: [2, 1] } }));
    expect(digestOf({ files: { a: 'b', c: 'd' } })).not.toBe(digestOf({ files: { a: 'd', c: 'b' } }));
    expect(digestOf({ stdin: 'ab', files: { c: '1' } })).not.toBe(digestOf({ stdin: 'a', files: { bc: '1' } }));
    expect(digestOf({ files: { ab: 'c' } })).not.toBe(digestOf({ files: { a: 'bc' } }));
    expect(digestOf({ code: 'a', stdin: 'b' })).not.toBe(digestOf({ code: 'b', stdin: 'a' }));
    expect(digestOf({ arguments: { a: '1' } })).not.toBe(digestOf({ arguments: { a: 1 } }));
  });

  test('tells a member named __proto__ from none', () => {
    const hostile = JSON.parse('{"__proto__":{"a":1}}') as Record<string, never>;
    expect(digestOf({ arguments: hostile })).not.toBe(digestOf());
  });

  test('does not depend on who asks, how long he waits and who listens', () => {
    expect(digestOf({ tenant: 'acme', maxWaitMs: 5, onOutput: () => undefined })).toBe(digestOf());
  });

  test('cannot be made of a stream, which is refused unread', async () => {
    let isRead = false;
    const stdin = {
      [Symbol.asyncIterator]: () => {
        isRead = true;
        return { next: () => Promise.resolve({ done: true as const, value: undefined }) };
      },
    };
    const error = await failureOf(() => digestOf({ stdin }));
    expect([error.code, error.details, isRead]).toEqual(['REQUEST_INVALID', { field: 'stdin' }, false]);
  });
});
