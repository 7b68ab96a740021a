/**
 * A text whose control characters are shown instead of obeyed, so that what a program prints cannot retitle, repaint or script
 * the terminal it is shown on. Line ends and tabs stay.
 */
export function printableText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, showControl);
}

/** As {@link printableText}, on one line and cut to a length. */
export function printableLine(text: string, maxLength = 500): string {
  const line = printableText(text.replace(/[\r\n]+/g, ' '));
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}

function showControl(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `\\x${code.toString(16)}`;
}
