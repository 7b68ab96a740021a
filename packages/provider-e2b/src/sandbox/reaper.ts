import { isOwnerAlive, withDeadline } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../e2b-errors.ts';
import { killSandbox, listAll } from './remote-sandboxes.ts';
import { OURS, readMarks, type SandboxMarks } from './sandbox-marks.ts';
import type { ServiceControl } from './service-control.ts';

/** What a look at left sandboxes found and did. */
export interface ReapReport {
  /** Sandboxes of ours that live, of whatever owner. */
  readonly seen: number;
  /** Those whose owner is known to be dead, or whose time is over. */
  readonly abandoned: readonly string[];
  readonly deleted: readonly string[];
  readonly failed: readonly string[];
}

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
  const abandoned: string[] = [];
  for (const { sandboxID, metadata } of living) {
    const marks = readMarks(metadata);
    if (marks !== undefined && (await isAbandoned(marks))) abandoned.push(sandboxID);
  }
  const [deleted, failed]: [string[], string[]] = [[], []];
  for (const sandboxId of deletes ? abandoned : []) {
    signal?.throwIfAborted();
    const [outcome] = await Promise.allSettled([killSandbox(control, sandboxId)]);
    (outcome.status === 'fulfilled' ? deleted : failed).push(sandboxId);
  }
  return { seen: living.length, abandoned, deleted, failed };
}

/** Clocks differ; a sandbox whose time is over is given this much more. */
const SLACK_MS = 300_000;

async function isAbandoned({ owner, reconnection }: SandboxMarks): Promise<boolean> {
  if (reconnection !== undefined) return reconnection.endsAtMs + SLACK_MS < Date.now();
  return (await isOwnerAlive(owner)) === false;
}
