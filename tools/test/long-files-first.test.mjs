// @ts-check
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../setup/repository.mjs';
import { LONG_FILES, LongFilesFirst } from './long-files-first.mjs';

/** @import { TestSpecification, Vitest } from 'vitest/node' */

const sequencer = new LongFilesFirst(
  /** @type {Vitest} */ (
    /** @type {unknown} */ ({
      config: { root: '/repository' },
      cache: { getFileTestResults: () => undefined, getFileStats: () => ({ size: 1 }) },
    })
  ),
);

/**
 * @param {string} project
 * @param {string} file
 */
function fileOf(project, file, groupOrder = 0) {
  const config = { isolate: true, sequence: { groupOrder } };
  return /** @type {TestSpecification} */ (
    /** @type {unknown} */ ({ moduleId: `/repository/${file}`, project: { name: project, config } })
  );
}

test('begins with the files that take longest, whichever project they belong to', async () => {
  const sorted = await sequencer.sort([
    fileOf('database', 'tests/other.database.test.ts'),
    fileOf('unit', 'packages/provider-wasm/test/conformance.test.ts'),
    fileOf('database', 'tests/end-to-end/switching/switching.database.test.ts'),
    fileOf('repository', 'packages/core/src/language.test.ts'),
  ]);
  expect(sorted.map(({ moduleId }) => moduleId.split('/').at(-1))).toEqual([
    'conformance.test.ts',
    'switching.database.test.ts',
    'other.database.test.ts',
    'language.test.ts',
  ]);
});

test('leaves each group of projects together', async () => {
  const sorted = await sequencer.sort([
    fileOf('browser', 'packages/provider-wasm/test/conformance.test.ts', 1),
    fileOf('unit', 'small.test.ts'),
  ]);
  expect(sorted.map(({ project }) => project.name)).toEqual(['unit', 'browser']);
});

test('names files that there are', () => {
  expect(LONG_FILES.filter((file) => !existsSync(path.join(repositoryRoot, file)))).toEqual([]);
});
