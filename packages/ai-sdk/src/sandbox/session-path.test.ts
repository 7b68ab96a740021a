import { expect, test } from 'vitest';
import { pathInWorkFolder } from './session-path.ts';

test.each([
  ['a/b.txt', 'a/b.txt'],
  ['./a//b.txt', 'a/b.txt'],
  ['a/../b.txt', 'b.txt'],
  ['/work/a/b.txt', 'a/b.txt'],
  ['/work/../work/a', 'a'],
  ['..a', '..a'],
])('%s is a file of the work folder', (path, inside) => {
  expect(pathInWorkFolder(path, '/work')).toBe(inside);
});

test.each(['..', '../a', 'a/../../b', '/etc/passwd', '/workshop/a', '/', '/work', '.', 'a\\b', 'a\nb', 'x'.repeat(600)])(
  '%j is none',
  (path) => {
    expect(() => pathInWorkFolder(path, '/work')).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', details: { field: 'path' } }));
  },
);

test('an absolute path is refused where the work folder is not known', () => {
  expect(pathInWorkFolder('a', undefined)).toBe('a');
  expect(() => pathInWorkFolder('/work/a', undefined)).toThrow('must be relative');
});
