import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));

/** Brings the built command up to date with the sources. */
export async function buildExecutor(): Promise<void> {
  await promisify(execFile)(process.execPath, [COMPILER, '-b', PACKAGE_FOLDER]);
}
