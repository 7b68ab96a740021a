import { expect, test } from 'vitest';
import { bytesOf } from '../result/artifact-preview.ts';
import { toBase64 } from './to-base64.ts';

test.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 100_000])('writes %i bytes so that all of them come back', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) % 256);
  const back = bytesOf(toBase64(bytes));
  expect([back.length, back.findIndex((byte, index) => byte !== bytes[index])]).toEqual([length, -1]);
});

test('writes what everybody writes', () => {
  expect(toBase64(new TextEncoder().encode('größer'))).toBe('Z3LDtsOfZXI=');
});
