import { Buffer } from 'node:buffer';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SecretScrubber } from './secret-scrubber.ts';

const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'}\n${'BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj'}\n-----END PRIVATE KEY-----\n`;

function scrub(text: string, ...secrets: string[]): string {
  const scrubber = new SecretScrubber();
  scrubber.add(secrets);
  return scrubber.scrub(text);
}

describe('a scrubber', () => {
  test.each([
    ['alone', 'tok-12345', '[redacted]'],
    ['in a sentence', 'The key tok-12345 is wrong', 'The key [redacted] is wrong'],
    ['twice', 'tok-12345 tok-12345', '[redacted] [redacted]'],
    ['twice in a row', 'tok-12345tok-12345', '[redacted]'],
    ['cut at its end', 'tok-1234', '[redacted]'],
    ['cut at its beginning', '…ok-12345', '…[redacted]'],
  ])('finds a secret %s', (_, text, expected) => {
    expect(scrub(text, 'tok-12345')).toBe(expected);
  });

  test.each([
    ['JSON', JSON.stringify({ key: PEM })],
    ['an inspection', inspect({ key: PEM })],
    ['lines', PEM.replaceAll('\n', '\r\n    ')],
    ['a URL', `https://example.org/?key=${encodeURIComponent(PEM)}`],
    ['base64', Buffer.from(PEM).toString('base64')],
    ['base64 behind one byte', Buffer.from(`:${PEM}`).toString('base64')],
    ['base64 behind two bytes', Buffer.from(`u:${PEM}`).toString('base64url')],
    ['hexadecimal digits', Buffer.from(PEM).toString('hex')],
    ['a part of it', PEM.slice(40, 70)],
  ])('finds a key of several lines in %s', (_, text) => {
    const scrubbed = scrub(text, PEM);
    expect(scrubbed).toContain('[redacted]');
    const pieces = Array.from({ length: text.length - 11 }, (__, at) => text.slice(at, at + 12));
    expect(pieces.filter((piece) => /^[A-Za-z0-9+_-]+$/.test(piece) && !/key|example/.test(piece) && scrubbed.includes(piece))).toEqual([]);
  });

  test('takes a short secret as a whole only', () => {
    expect(scrub('abcd abc bcd', 'abcd')).toBe('[redacted] abc bcd');
  });

  test('does not look for what is no longer than a word', () => {
    expect(scrub('an empty text of abc', '', 'abc')).toBe('an empty text of abc');
  });

  test('leaves texts alone while it knows no secret', () => {
    expect(scrub('anything')).toBe('anything');
  });

  test('takes half a character in a secret', () => {
    expect(scrub('a\uD800bcdefghi', 'a\uD800bcdefghi')).toBe('[redacted]');
  });
});
