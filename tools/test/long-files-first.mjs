// @ts-check
import { BaseSequencer } from 'vitest/node';

/** @import { TestSpecification } from 'vitest/node' */

/** Files that take a minute or more, most of it waiting. Begun last, one of them would be left alone at the end while the other workers have nothing to do. */
export const LONG_FILES = [
  'packages/provider-e2b/test/conformance-interpreter-v2.test.ts',
  'packages/conformance/test/faulty-providers.test.ts',
  'packages/provider-aliyun/test/conformance.test.ts',
  'packages/provider-aliyun/test/slow-conformance.test.ts',
  'packages/provider-wasm/test/conformance.test.ts',
  'packages/provider-e2b/test/conformance-commands-v1.test.ts',
  'packages/provider-e2b/test/crowd.test.ts',
  'tests/end-to-end/switching/switching.database.test.ts',
  'packages/settings/test/configurations/killed-activation.database.test.ts',
  'tests/end-to-end/secrets/planted-secret.database.test.ts',
];

/** Begins the files that take longest, and leaves the order of the others to vitest. */
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
