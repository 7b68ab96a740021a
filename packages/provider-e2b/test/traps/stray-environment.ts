import type { FakeE2b } from '@sandport/fakes';
import { vi } from 'vitest';
import type { PassedRequest } from './gateway.ts';

export const STRAY_KEY = 'e2b_key-of-another-service';
export const STRAY_TOKEN = 'sk_e2b_token-of-another-service';

/** Sets the SDK's variables as a program needs them that uses another service. */
export function stubEnvironment({ url, host }: Pick<FakeE2b, 'url' | 'host'>): void {
  vi.stubEnv('E2B_API_URL', url);
  vi.stubEnv('E2B_SANDBOX_URL', url);
  vi.stubEnv('E2B_DOMAIN', host);
  vi.stubEnv('E2B_API_KEY', STRAY_KEY);
  vi.stubEnv('E2B_ACCESS_TOKEN', STRAY_TOKEN);
}

/** The requests that bear anything secret of the environment. */
export const straying = (passed: readonly PassedRequest[]): PassedRequest[] =>
  passed.filter(({ headers }) => Object.values(headers).some((value) => value.includes(STRAY_KEY) || value.includes(STRAY_TOKEN)));
