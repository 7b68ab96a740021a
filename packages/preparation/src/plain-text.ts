import type { SecretScrubber } from './secret-scrubber.ts';

/** Longest text in a passport, in UTF-16 units. */
const MAX_LENGTH = 500;

/** Of a longer text only the beginning is looked at. */
const MAX_LOOKED_AT = 8000;

/** Longest output of a program in a finding, in UTF-16 units. */
const MAX_OUTPUT_LENGTH = 4000;

/** A text that is fit for a passport, a page and a terminal: one line, without secrets, control characters and lines of a stack trace, of a bounded length. */
export function plainText(text: string, scrubber: SecretScrubber): string {
  const withoutStack = text.slice(0, MAX_LOOKED_AT).replaceAll(/^\s+at .*$/gm, '');
  const line = scrubber
    .scrub(withoutStack)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return cut(line, MAX_LENGTH);
}

/** What a program printed, in its lines, without secrets and other control characters than tabs, of a bounded length. */
export function plainOutput(text: string, scrubber: SecretScrubber): string {
  const lines = scrubber
    .scrub(text.slice(0, MAX_LOOKED_AT))
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '\uFFFD');
  return cut(lines, MAX_OUTPUT_LENGTH);
}

/** A text of at most so many UTF-16 units, well-formed, with a sign where it was cut. */
function cut(text: string, maxLength: number): string {
  return (text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text).toWellFormed();
}
