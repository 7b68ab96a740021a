import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { textsOfSecrets } from './planted-secrets.ts';

const SECRET = 'first line with "quotes"\nsecond line, no less secret\nshort';

test.each([
  ['as it is', `x${SECRET}y`],
  ['in JSON', JSON.stringify({ SECRET })],
  ['inspected', inspect({ SECRET })],
  ['in a line of it', 'key: second line, no less secret'],
])('a secret with line breaks and quotes is found %s', (_, text) => {
  expect(textsOfSecrets([SECRET]).some((one) => text.includes(one))).toBe(true);
});

test('a plain secret has one text, and a short line is none', () => {
  expect(textsOfSecrets(['a-plain-secret'])).toEqual(['a-plain-secret']);
  expect(textsOfSecrets([SECRET])).not.toContain('short');
});
