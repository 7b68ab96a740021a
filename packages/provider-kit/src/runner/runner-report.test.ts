import { Buffer } from 'node:buffer';
import { parseExecutionRequest } from '@sandport/core';
import { describe, expect, it } from 'vitest';
import { encodeRunnerJob, parseRunnerReport } from './runner-report.ts';

function reportOf(kind: string, payload: string | Uint8Array): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.alloc(5, kind, 'latin1');
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
}

const error = { type: 'ValueError', message: 'x', traceback: '' };

describe('parseRunnerReport', () => {
  it.each([
    ['nothing', Buffer.alloc(0), { state: 'empty' }],
    ['no main', reportOf('N', ''), { state: 'none' }],
    ['null', reportOf('V', 'null'), { state: 'value', value: null, valueJson: 'null' }],
    ['a value', reportOf('V', '{"a":[1,"é"]}'), { state: 'value', value: { a: [1, 'é'] }, valueJson: '{"a":[1,"é"]}' }],
    [
      'an exact number',
      reportOf('V', '12345678901234567890'),
      { state: 'value', value: 12345678901234567000, valueJson: '12345678901234567890' },
    ],
    ['an escaped lone surrogate', reportOf('V', '"\\ud800"'), { state: 'value', value: '\ud800', valueJson: '"\\ud800"' }],
    ['an error', reportOf('E', JSON.stringify(error)), { state: 'error', error }],
    ['a size', reportOf('L', '{"sizeBytes":9}'), { state: 'too-large', sizeBytes: 9 }],
  ])('reads %s', (_title, bytes, report) => {
    expect(parseRunnerReport(bytes)).toEqual(report);
  });

  it('reads a view into a larger buffer', () => {
    const bytes = Buffer.concat([Buffer.from('before'), reportOf('V', '1'), Buffer.from('after')]);
    expect(parseRunnerReport(new Uint8Array(bytes.buffer, bytes.byteOffset + 6, 6))).toMatchObject({ state: 'value', value: 1 });
  });

  it('keeps a key named __proto__ as data', () => {
    const report = parseRunnerReport(reportOf('V', '{"__proto__":{"a":1}}'));
    expect(report).toMatchObject({ state: 'value' });
    expect(JSON.stringify(report.state === 'value' ? report.value : undefined)).toBe('{"__proto__":{"a":1}}');
  });

  it.each([
    ['a kind without a length', Buffer.from('V')],
    ['a length that is cut', Buffer.from('V\0\0\0')],
    ['a payload that is cut', reportOf('V', '12').subarray(0, 6)],
    ['bytes after the payload', Buffer.concat([reportOf('V', '1'), Buffer.from('1')])],
    ['two reports', Buffer.concat([reportOf('V', '1'), reportOf('V', '2')])],
    ['an unknown kind', reportOf('X', '1')],
    ['a ready byte', Buffer.from('R')],
    ['bytes that are not UTF-8', reportOf('V', Buffer.from([0x22, 0xff, 0x22]))],
    ['a byte-order mark', reportOf('V', '\ufeff1')],
    ['no JSON', reportOf('V', '{a:1}')],
    ['NaN', reportOf('V', 'NaN')],
    ['no value', reportOf('V', '')],
    ['a number out of range', reportOf('V', '1e999')],
    ['a value that is too deep', reportOf('V', `${'['.repeat(201)}${']'.repeat(201)}`)],
    ['a value that is deep enough for a parser to fail', reportOf('V', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)],
    ['a payload without main', reportOf('N', 'null')],
    ['an error without a message', reportOf('E', '{"type":"a","traceback":""}')],
    ['an error with something more', reportOf('E', JSON.stringify({ ...error, more: 1 }))],
    ['an error that is text', reportOf('E', '"x"')],
    ['a negative size', reportOf('L', '{"sizeBytes":-1}')],
    ['a size that is text', reportOf('L', '{"sizeBytes":"9"}')],
  ])('takes %s for malformed', (_title, bytes) => {
    expect(parseRunnerReport(bytes)).toEqual({ state: 'malformed' });
  });
});

describe('encodeRunnerJob', () => {
  it('writes a length and JSON, arguments as data', () => {
    const request = parseExecutionRequest({
      code: 'é',
      arguments: JSON.parse('{"__proto__":1}') as Record<string, never>,
      environment: { A: 'b' },
      limits: { valueBytes: 7 },
    });
    const job = Buffer.from(encodeRunnerJob(request));
    expect(job.readUInt32BE(0)).toBe(job.length - 4);
    expect(job.toString('utf8', 4)).toBe('{"code":"é","arguments":{"__proto__":1},"environment":{"A":"b"},"valueBytes":7}');
  });
});
