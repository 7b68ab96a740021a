import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import config from '../../vitest.config.ts';
import { CONFORMANCE_CASES } from '../../packages/conformance/src/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(path.join(root, 'docs/security-model.md'), 'utf8');

interface Project {
  readonly test: { readonly name: string; readonly include: readonly string[]; readonly exclude?: readonly string[] };
}

const projects = (config.test?.projects ?? []) as readonly Project[];

/** Whether some project of the test runner takes the file. */
function isRun(file: string): boolean {
  const fits = (pattern: string): boolean => path.matchesGlob(file, pattern);
  return projects.some(({ test: { include, exclude = [] } }) => include.some(fits) && !exclude.some(fits));
}

const promises = /<!-- promises -->\n([\s\S]*?)<!-- \/promises -->/.exec(page)?.[1] ?? '';
const rows = promises
  .trim()
  .split('\n')
  .slice(2)
  .map((row) => row.split(' | '));

/** A case of several languages has the language behind its name. */
const caseIds = new Set(CONFORMANCE_CASES.flatMap(({ id }) => [id, id.replace(/\W(?:python|javascript|ecmascript)\W?$/, '')]));

/** What a promise is not proven by is any of these. */
function faultsOf(proof: string): string[] {
  const files = [...proof.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => file);
  const cases = [...proof.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id);
  return [
    ...(files.length === 0 ? ['names no test'] : []),
    ...files.filter((file) => !/\.test\.m?ts$/.test(file)).map((file) => `${file} is no test`),
    ...files.filter((file) => !existsSync(path.join(root, file))).map((file) => `${file} does not exist`),
    ...files.filter((file) => !isRun(file)).map((file) => `no project of the test runner takes ${file}`),
    ...cases.filter((id) => !caseIds.has(id)).map((id) => `there is no case ${id}`),
  ];
}

describe('docs/security-model.md', () => {
  test('has promises, each in a row of three', () => {
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((cells) => cells.length !== 3 || cells[0]?.startsWith('| **') !== true)).toEqual([]);
  });

  test.each(rows.map(([promise = '', , proof = '']) => [promise.slice(2, 60), proof]))(
    '%s… is proven by tests that are run',
    (_promise, proof) => {
      expect(faultsOf(proof)).toEqual([]);
    },
  );

  test.each([
    ['nothing', 'names no test'],
    ['[a source](../vitest.config.ts)', 'vitest.config.ts is no test'],
    ['[gone](../packages/core/src/gone.test.ts)', 'packages/core/src/gone.test.ts does not exist'],
    ['[elsewhere](../examples/some.test.ts)', 'no project of the test runner takes examples/some.test.ts'],
    ['case `isolation/wishful`', 'there is no case isolation/wishful'],
  ])('a promise that is proven by %s is found', (proof, fault) => {
    expect(faultsOf(proof)).toContain(fault);
  });

  test('the short form leads to it', () => {
    expect(readFileSync(path.join(root, 'SECURITY.md'), 'utf8')).toContain('(docs/security-model.md#what-is-promised)');
  });
});
