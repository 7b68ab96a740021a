import { describe, expect, test } from 'vitest';
import { findDeadLinks, headingNames, relativeLinks } from './markdown-links.ts';

const targetsOf = (markdown: string): string[] => relativeLinks(markdown).map(({ path, heading }) => `${path}#${heading}`);

/** A clone with these pages and one source file. */
function deadLinks(pages: Record<string, string>): string[] {
  return findDeadLinks({ pages: new Map(Object.entries(pages)), exists: (path) => path === 'src/a.ts' || path === 'src' });
}

describe('relativeLinks', () => {
  test.each([
    ['[x](docs/a.md)', ['docs/a.md#']],
    ['[x](docs/a.md#use) and ![picture](b.png "title")', ['docs/a.md#use', 'b.png#']],
    ['[x](#here)', ['#here']],
    ['[x](<a b.md>)', []],
    ['[x](a%20b.md)', ['a b.md#']],
    ['[x]: ./c.md', ['./c.md#']],
    ['<source srcset="dark.png"><img alt="x" src="light.png">', ['dark.png#', 'light.png#']],
    ['[web](https://example.org/a.md) [mail](mailto:a@example.org)', []],
    ['`[x](a.md)`', []],
    ['```\n[x](a.md)\n```\n', []],
  ])('reads %j', (markdown, targets) => {
    expect(targetsOf(markdown)).toEqual(targets);
  });
});

describe('headingNames', () => {
  test('makes the names that GitHub makes', () => {
    expect(headingNames('# What it does\n## `main()` & co.\n## Use\n### Use\n```\n# not one\n```\n')).toEqual([
      'what-it-does',
      'main--co',
      'use',
      'use-1',
    ]);
  });
});

describe('findDeadLinks', () => {
  test('finds nothing where every link leads somewhere', () => {
    expect(
      deadLinks({
        'README.md': '[a](docs/a.md#use) [b](src/a.ts) [c](src/)',
        'docs/a.md': '## Use\n[up](../README.md) [here](#use) [root](/src)',
      }),
    ).toEqual([]);
  });

  test.each([
    [{ 'README.md': '[a](docs/missing.md)' }, 'README.md links to docs/missing.md, which does not exist'],
    [{ 'docs/a.md': '[a](missing.ts)' }, 'docs/a.md links to docs/missing.ts, which does not exist'],
    [{ 'README.md': '[a](#nowhere)' }, 'README.md links to README.md#nowhere, but there is no such heading'],
    [{ 'README.md': '[a](../secret.md)' }, 'README.md links to ../secret.md, outside the clone'],
  ])('finds the fault in %j', (pages, finding) => {
    expect(deadLinks(pages)).toEqual([finding]);
  });
});
