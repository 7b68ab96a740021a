// @ts-check
/**
 * Takes pictures of the pages, as they were built, and tells what axe and the console find: `node apps/admin/test/page/look-at-pages.mjs [--only providers] [--all] [--folder pictures]`.
 * Without `--all` each page is taken in the light, wide and English look alone. The weight of the first views is told at the end.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    folder: { type: 'string', default: 'pictures' },
    look: { type: 'string', multiple: true },
  },
});
/** @type {{ module: typeof import('./look-at-pages.ts') }} */
const { module } = await runnerImport(path.join(import.meta.dirname, 'look-at-pages.ts'), {
  configFile: false,
  root: path.resolve(import.meta.dirname, '../..'),
  resolve: { conditions: ['@sandport/source'] },
  ssr: { resolve: { conditions: ['@sandport/source', 'node'], externalConditions: ['@sandport/source', 'node'] } },
});
const failures = await module.lookAtAll({ ...values, write: (line) => process.stdout.write(`${line}\n`) });
process.exitCode = failures === 0 ? 0 : 1;
