import { refusal } from '../refusal.ts';

/** A line to be put among others of its kind. */
export interface LineInsertion {
  /** What the others look like; the first group is what they are sorted by. */
  readonly like: RegExp;
  readonly line: string;
  /** Its place is by what it is sorted by, or behind all. */
  readonly order: 'sorted' | 'last';
  /** What stands between two of them, where the last has none behind it. @default none */
  readonly separator?: string;
}

/**
 * Puts a line into a text and changes nothing else of it, but for the separator of the line before.
 *
 * @throws SandboxError `REQUEST_INVALID` when there are none like it, or it is there.
 */
export function insertLine(file: string, text: string, { like, line, order, separator = '' }: LineInsertion): string {
  const lines = text.split('\n');
  const key = keyOf(like, line);
  const others = lines.flatMap((each, index) => {
    const found = keyOf(like, each);
    return found === undefined ? [] : [{ index, key: found }];
  });
  const last = others.at(-1);
  if (key === undefined || last === undefined) {
    throw refusal(
      'in-repository',
      `${file} has no line beside which a provider can be put`,
      'Use a repository of the version of this generator.',
    );
  }
  if (others.some((other) => other.key === key)) throw refusal('name', `${file} has this provider already`, 'Choose another name.');
  const next = order === 'sorted' ? others.find((other) => other.key > key) : undefined;
  if (next !== undefined) return lines.toSpliced(next.index, 0, `${line}${separator}`).join('\n');
  const before = lines[last.index] ?? '';
  const isSeparated = separator === '' || before.endsWith(separator);
  const added = isSeparated ? [before, `${line}${separator}`] : [`${before}${separator}`, line];
  return lines.toSpliced(last.index, 1, ...added).join('\n');
}

function keyOf(like: RegExp, line: string): string | undefined {
  return like.exec(line)?.[1];
}
