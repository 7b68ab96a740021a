import { startFakeE2b, type FakeE2b, type FakeE2bOptions } from '@sandport/fakes';
import { onTestFinished } from 'vitest';
import type { createCarryingHome } from './carrying-home.ts';

/** What no output may show. */
export const API_KEY = 'e2b_key-do-not-show-0815';

/** Only root can give programs a user of their own, and only Linux has the filter. */
const PROGRAM_NETWORK = process.getuid?.() === 0 ? 'none' : process.platform === 'linux' ? 'filtered' : 'sandbox';

/** A fake E2B for one test, with a known key. */
export async function startFake(options: FakeE2bOptions = {}): Promise<FakeE2b> {
  const fake = await startFakeE2b({ apiKey: API_KEY, ...options });
  onTestFinished(() => fake.close());
  return fake;
}

/** The variables that lead to a fake. */
export function variablesOf(fake: FakeE2b): Record<string, string> {
  return { E2B_API_KEY: fake.apiKey, E2B_API_URL: fake.url, E2B_SANDBOX_URL: fake.url };
}

type Home = Awaited<ReturnType<typeof createCarryingHome>>;

/** Stores what this machine needs to take the network from programs. */
export async function setProgramNetwork(home: Home): Promise<void> {
  const { exitCode, stderr } = await home.run(['config', 'set', 'e2b', `programNetwork=${PROGRAM_NETWORK}`]);
  if (exitCode !== 0) throw new Error(stderr);
}

/** Stores the connection to a fake, as `configure e2b` does. */
export async function configure(home: Home, fake: FakeE2b): Promise<void> {
  await setProgramNetwork(home);
  const { exitCode, stderr } = await home.run(['configure', 'e2b', '--from-env'], { environment: variablesOf(fake) });
  if (exitCode !== 0) throw new Error(stderr);
}
