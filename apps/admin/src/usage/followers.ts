import type { Consequences } from '@sandport/admin-api';
import type { SandboxService } from '../service/sandbox-service.ts';

const MINUTE_MS = 60_000;

/** How many programs follow the stored configuration now, and how much they call, as far as they have said so. */
export async function readFollowers({ settings: { usage }, now }: SandboxService, signal: AbortSignal): Promise<Consequences['followers']> {
  const toMs = now();
  const { clients, callsLastMinute } = await usage.read({ fromMs: toMs - MINUTE_MS, toMs, stepMs: MINUTE_MS }, { signal });
  return { clients, callsLastMinute };
}
