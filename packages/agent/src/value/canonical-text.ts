import type { JsonValue } from '@sandport/core';

/** How the text of a value is written. */
export interface CanonicalTextOptions {
  /** The text of `null` when it is the whole value. Within arrays and objects it is always `null`. @default 'null' */
  readonly nullText?: '' | 'null' | undefined;
}

/** Where the tokens of JSON text begin that are looked at; whatever lies between them stays as it is. Of a string it is only the beginning: a pattern for all of a long one would exhaust the stack. */
const TOKENS = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * The one text of a value: equal values have equal texts, in whatever order their members came.
 *
 * - A string is its own text, without quotation marks; what is no well-formed Unicode in it becomes U+FFFD.
 * - Everything else is JSON on one line, with the members of objects sorted by code units.
 * - A number is written as JavaScript writes it (`1.0` is `1`). One that a JavaScript number cannot hold keeps its digits.
 *
 * @param valueJson The value as exact JSON text, as a result has it: `completed.valueJson`.
 */
export function canonicalText(value: JsonValue, valueJson?: string, { nullText = 'null' }: CanonicalTextOptions = {}): string {
  if (value === null) return nullText;
  if (typeof value === 'string') return value.toWellFormed();
  return write(valueJson === undefined ? marked(JSON.stringify(value)) : marked(valueJson));
}

/** The value with each string as `s` and the string, and each number as `n` and its digits: so that no digit is lost. */
function marked(json: string): JsonValue {
  const parts: string[] = [];
  let end = 0;
  // Of its own, for it remembers where it is.
  const tokens = new RegExp(TOKENS);
  for (let match = tokens.exec(json); match !== null; match = tokens.exec(json)) {
    parts.push(json.slice(end, match.index));
    const isString = match[0] === '"';
    end = isString ? endOfString(json, match.index) : tokens.lastIndex;
    parts.push(isString ? `"s${json.slice(match.index + 1, end)}` : `"n${match[0]}"`);
    tokens.lastIndex = end;
  }
  parts.push(json.slice(end));
  return JSON.parse(parts.join('')) as JsonValue;
}

/** Where the string that begins here is over. */
function endOfString(json: string, begin: number): number {
  let quote = begin;
  do quote = json.indexOf('"', quote + 1);
  while (quote >= 0 && isEscaped(json, quote));
  return quote < 0 ? json.length : quote + 1;
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(json: string, index: number): boolean {
  let before = index;
  while (json[before - 1] === '\\') before -= 1;
  return (index - before) % 2 === 1;
}

function write(value: JsonValue): string {
  if (typeof value === 'string') return value.startsWith('n') ? numberText(value.slice(1)) : JSON.stringify(value.slice(1));
  if (Array.isArray(value)) return `[${value.map((member) => write(member)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name.slice(1))}:${write(member)}`).join(',')}}`;
}

function numberText(digits: string): string {
  const number = Number(digits);
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) return digits;
  return JSON.stringify(number);
}
