/**
 * The lines of a text from `startLine` to `endLine`, both counted from 1 and both included; a number beyond the end means the end. Lines end as the first one does.
 */
export function linesOf(text: string, startLine: number | undefined, endLine: number | undefined): string {
  if (startLine === undefined && endLine === undefined) return text;
  const ending = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  return text
    .split(ending)
    .slice((startLine ?? 1) - 1, endLine)
    .join(ending);
}
