import { packedPackages } from '../../tools/registry/packed-packages.mjs';
import { ensureNodePrograms } from './node-programs.ts';

/** What every file needs is made once, and not by all of them at the same time. */
export async function setup(): Promise<void> {
  const { signal } = new AbortController();
  await Promise.all([packedPackages({ signal }), ensureNodePrograms(signal)]);
}
