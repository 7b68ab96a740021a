/** Most characters of a stream that are shown. */
export const MAX_SHOWN_LENGTH = 200_000;

/** Output of a stream as it is shown: its end, when there is more than can be. */
export interface ShownOutput {
  readonly text: string;
  /** Characters before it that are not shown. */
  readonly omittedLength: number;
}

/** Nothing was printed. */
export const NO_OUTPUT: ShownOutput = { text: '', omittedLength: 0 };

/** What is shown after another piece. */
export function withPiece({ text, omittedLength }: ShownOutput, piece: string): ShownOutput {
  return shownOutput(text + piece, omittedLength);
}

/** What is shown of a whole text. */
export function shownOutput(text: string, omittedLength = 0): ShownOutput {
  const surplus = text.length - MAX_SHOWN_LENGTH;
  if (surplus <= 0) return { text, omittedLength };
  // A character of two halves is not cut in between.
  const isInCharacter = /[\uDC00-\uDFFF]/.test(text.charAt(surplus));
  const cut = isInCharacter ? surplus + 1 : surplus;
  return { text: text.slice(cut), omittedLength: omittedLength + cut };
}
