import { describe, expect, test } from 'vitest';
import { describePathProblem, MAX_PATH_BYTES, relativePathSchema } from './relative-path.ts';

describe('describePathProblem', () => {
  test.each([
    'a',
    'a/b.txt',
    'artifacts/plot.png',
    '.hidden',
    '..a',
    'a..b',
    '...',
    'é/ü',
    'with space',
    'ab:c',
    '~',
    'C/x',
    'x'.repeat(MAX_PATH_BYTES),
  ])('allows "%s"', (path) => {
    expect(describePathProblem(path)).toBeUndefined();
    expect(relativePathSchema.safeParse(path).success).toBe(true);
  });

  test.each([
    ['', 'is empty'],
    ['/etc/passwd', 'must be relative to the work folder'],
    ['C:/windows', 'must be relative to the work folder'],
    ['c:x', 'must be relative to the work folder'],
    ['a\\b', 'contains a backslash; parts are separated by "/"'],
    ['..', 'leaves the work folder'],
    ['../a', 'leaves the work folder'],
    ['a/../../b', 'leaves the work folder'],
    ['a/..', 'leaves the work folder'],
    ['.', 'has an empty or "." part'],
    ['./a', 'has an empty or "." part'],
    ['a//b', 'has an empty or "." part'],
    ['a/', 'has an empty or "." part'],
    ['a\0b', 'contains a control character'],
    ['a\nb', 'contains a control character'],
    ['a\u007fb', 'contains a control character'],
    ['a\ud800', 'is not well-formed Unicode'],
    ['x'.repeat(MAX_PATH_BYTES + 1), `is longer than ${MAX_PATH_BYTES} bytes`],
    ['é'.repeat(MAX_PATH_BYTES / 2 + 1), `is longer than ${MAX_PATH_BYTES} bytes`],
  ])('refuses %j', (path, problem) => {
    expect(describePathProblem(path)).toBe(problem);
    expect(relativePathSchema.safeParse(path).error?.issues[0]?.message).toBe(problem);
  });
});
