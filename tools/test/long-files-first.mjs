// @ts-check
import { BaseSequencer } from 'vitest/node';

/** @import { TestSpecification } from 'vitest/node' */

/**
 * Files that take more than a minute, most of it waiting, and would be begun among the last, so that in the end one of them is left alone while the other workers have
 * nothing to do. Long files that are begun early enough anyway are not here: many of them at one time starve each other.
 */
export const LONG_FILES = [
  'packages/provider-wasm/test/conformance.test.ts',
  'tests/end-to-end/switching/switching.database.test.ts',
  'packages/settings/test/configurations/killed-activation.database.test.ts',
  'tests/end-to-end/secrets/planted-secret.database.test.ts',
  'tests/guides/guides.engine.test.ts',
  'tests/guides/guides.test.ts',
  'tests/packaging/own-provider.test.ts',
];

/** Begins with {@link LONG_FILES}, and leaves the order of the others to vitest. */
export class LongFilesFirst extends BaseSequencer {
  /**
   * @override
   * @param {TestSpecification[]} files
   * @returns {Promise<TestSpecification[]>}
   */
  async sort(files) {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

/** @param {TestSpecification} file */
function placeOf({ moduleId, project }) {
  const place = LONG_FILES.findIndex((file) => moduleId.endsWith(`/${file}`));
  // Groups of projects run one after the other, whatever is in them.
  return project.config.sequence.groupOrder * 1_000 + (place === -1 ? LONG_FILES.length : place);
}
