import { isOwnerAlive, reap, withDeadline, type ReapReport } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../e2b-errors.ts';
import { killSandbox, listAll } from './remote-sandboxes.ts';
import { OURS, readMarks, type SandboxMarks } from './sandbox-marks.ts';
import type { ServiceControl } from './service-control.ts';

const LIST_TIMEOUT_MS = 60_000;

/**
 * Finds sandboxes that nobody will ever end, and ends them unless it only looks: those whose process does not run any more, where that can be seen from here, and of those that others may take over the
 * ones whose time is over, which the service may have paused. Those of other machines are left to the service, which ends what nobody puts off, and so is everything without our marks.
 */
export async function reapSandboxes(
  control: ServiceControl,
  { signal, deletes = true }: { readonly signal?: AbortSignal | undefined; readonly deletes?: boolean },
): Promise<ReapReport> {
  const living = await withDeadline({ timeoutMs: LIST_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'list sandboxes' }, (own) =>
    listAll(control, OURS, own),
  );
  return reap({
    living,
    idOf: ({ sandboxID }) => sandboxID,
    isAbandoned: async ({ metadata }) => {
      const marks = readMarks(metadata);
      return marks !== undefined && isAbandoned(marks);
    },
    end: (sandboxId) => killSandbox(control, sandboxId),
    deletes,
    signal,
  });
}

/** Clocks differ; a sandbox whose time is over is given this much more. */
const SLACK_MS = 300_000;

async function isAbandoned({ owner, reconnection }: SandboxMarks): Promise<boolean> {
  if (reconnection !== undefined) return reconnection.endsAtMs + SLACK_MS < Date.now();
  return (await isOwnerAlive(owner)) === false;
}
