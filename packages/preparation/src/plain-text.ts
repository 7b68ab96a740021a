import type { SecretScrubber } from './secret-scrubber.ts';

/** Longest text in a passport, in UTF-16 units. */
const MAX_LENGTH = 500;

/** Of a longer text only the beginning is looked at. */
const MAX_LOOKED_AT = 8000;

/** A text that is fit for a passport, a page and a terminal: one line, without secrets, control characters and lines of a stack trace, of a bounded length. */
export function plainText(text: string, scrubber: SecretScrubber): string {
  const withoutStack = text.slice(0, MAX_LOOKED_AT).replaceAll(/^\s+at .*$/gm, '');
  const line = scrubber
    .scrub(withoutStack)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return (line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line).toWellFormed();
}
