import picomatch from 'picomatch';

/** Length of a pattern, in UTF-16 code units. */
const MAX_PATTERN_CHARACTERS = 1000;

/** Says what is wrong with a pattern of names, or nothing. */
export function globProblem(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return 'is no text';
  if (pattern === '') return 'is empty';
  if (pattern.length > MAX_PATTERN_CHARACTERS) return `has more than ${MAX_PATTERN_CHARACTERS} characters`;
  return pattern.includes('\0') || !pattern.isWellFormed() ? 'has a NUL, or is not well-formed Unicode' : undefined;
}

/** The regular expression of a pattern of names, which means the same in Python: hidden files are matched, `*` does not match `/`, `**` does. */
export function globExpression(pattern: string): string {
  return picomatch.makeRe(pattern, { dot: true, noextglob: true }).source;
}

/** The folder in which all files that an absolute pattern matches lie. */
export function globRoot(pattern: string): string {
  const parts = pattern.split('/');
  const firstWild = parts.findIndex((part) => /[*?[\]{}()!\\]/.test(part));
  const fixed = firstWild === -1 ? parts : parts.slice(0, firstWild);
  return fixed.join('/') || '/';
}
