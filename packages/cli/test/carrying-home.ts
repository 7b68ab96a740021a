import { providers } from '@sandport/providers';
import { createHome, type Setup } from './run-in-process.ts';

/** A home folder whose command carries the providers of the real one, with a master key. */
export async function createCarryingHome(setup: Setup = {}) {
  const home = createHome({ providers, ...setup });
  const { exitCode, stderr } = await home.run(['secrets', 'create-key']);
  if (exitCode !== 0) throw new Error(stderr);
  return home;
}
