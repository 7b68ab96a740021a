// @ts-check
import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.mjs';

test('publishes nothing unless it is told to', () => {
  expect(parseCommandLine([])).toEqual({ publish: false, provenance: false, branch: 'main', tag: 'latest', help: false });
  expect(parseCommandLine(['--publish', '--provenance', '--tag', 'next'])).toMatchObject({ publish: true, provenance: true, tag: 'next' });
});

test.each([[['--force']], [['extra']], [['--tag', '--publish']], [['--tag', '-x']], [['--branch', 'a b']]])('refuses %j', (args) => {
  expect(() => parseCommandLine(args)).toThrow(TypeError);
});
