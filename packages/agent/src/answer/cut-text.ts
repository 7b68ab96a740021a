/** A text that may have been cut. */
export interface CutText {
  readonly text: string;
  /** Characters that were left out of its middle, in UTF-16 code units; 0 when it is whole. */
  readonly leftOut: number;
}

/** Room for the line that says what was left out. */
const MARK_CHARACTERS = 48;

/**
 * Cuts a text that is longer than a budget. Beginning and end are kept, the end with the greater part: that is where errors are told. A line in their middle says how
 * much was left out. A character is never split, and what is no well-formed Unicode becomes U+FFFD.
 *
 * @param maxCharacters Length of what comes out at most, in UTF-16 code units.
 */
export function cutText(whole: string, maxCharacters: number): CutText {
  const text = whole.toWellFormed();
  if (text.length <= maxCharacters) return { text, leftOut: 0 };
  const kept = Math.max(0, maxCharacters - MARK_CHARACTERS);
  const headEnd = withoutHalf(text, Math.floor(kept / 3));
  const tailStart = afterHalf(text, text.length - (kept - headEnd));
  const leftOut = tailStart - headEnd;
  return { text: `${text.slice(0, headEnd)}\n[… ${leftOut} characters left out …]\n${text.slice(tailStart)}`, leftOut };
}

/** One line of at most so many characters; what is longer ends with an ellipsis. */
export function cutLine(whole: string, maxCharacters: number): string {
  const line = whole.toWellFormed().replace(/\s+/g, ' ').trim();
  return line.length <= maxCharacters ? line : `${line.slice(0, withoutHalf(line, maxCharacters - 1))}…`;
}

function withoutHalf(text: string, end: number): number {
  return isLowHalf(text, end) ? end - 1 : end;
}

function afterHalf(text: string, start: number): number {
  return isLowHalf(text, start) ? start + 1 : start;
}

function isLowHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff;
}
