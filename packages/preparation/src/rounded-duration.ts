/** Milliseconds to a hundredth; a record that people read needs no more. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
