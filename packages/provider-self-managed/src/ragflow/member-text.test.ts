import { expect, test } from 'vitest';
import { memberText } from './member-text.ts';

test.each<[string, readonly string[], string | undefined]>([
  ['{"result":{"value":12345678901234567890}}', ['result', 'value'], '12345678901234567890'],
  ['{"a":{"value":1},"result":{"type":"json","value": 1.0 }}', ['result', 'value'], '1.0'],
  ['{"value":[{"value":2},"}"],"x":1}', ['value'], '[{"value":2},"}"]'],
  [String.raw`{"\u0061":"q\"}","b":2}`, ['a'], String.raw`"q\"}"`],
  ['{"a":1,"a":2}', ['a'], '2'],
  ['{"result":null}', ['result', 'value'], undefined],
  ['{"b":"a","c":1}', ['a'], undefined],
  ['{}', ['a'], undefined],
  ['[{"a":1}]', ['a'], undefined],
])('in %s, %j is %s', (json, path, expected) => {
  expect(memberText(json, path)).toBe(expected);
});
