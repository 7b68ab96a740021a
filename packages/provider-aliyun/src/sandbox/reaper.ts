import { isOwnerAlive, reap, withDeadline, type ReapReport } from '@sandport/provider-kit';
import { PROVIDER_ID } from '../aliyun-errors.ts';
import type { ControlClient } from '../control/control-client.ts';
import { lifeOfStatus } from '../control/control-schemas.ts';
import { retrySafely } from '../http/retry.ts';
import { deleteRemoteSandbox } from './remote-sandboxes.ts';
import { parseSandboxId } from './sandbox-name.ts';

const LIST_TIMEOUT_MS = 60_000;
const MOST_PAGES = 100;
/** Clocks differ; a sandbox whose time is over is given this much more. */
const LEASE_SLACK_SECONDS = 300;

/**
 * Finds sandboxes that nobody will ever end, and deletes them unless it only looks. Nobody's are those whose process does not run any more, where that can be seen from here, and those that
 * should have ended by their lease. Those of other machines are left alone until then, and so is everything whose id is not of ours.
 */
export async function reapSandboxes(
  control: ControlClient,
  {
    templateName,
    signal,
    deletes = true,
  }: { readonly templateName: string; readonly signal?: AbortSignal | undefined; readonly deletes?: boolean },
): Promise<ReapReport> {
  const living = await listOurs(control, templateName, signal);
  return reap({
    living,
    idOf: (sandboxId) => sandboxId,
    isAbandoned,
    end: (sandboxId) => deleteRemoteSandbox(control, sandboxId),
    deletes,
    signal,
  });
}

async function isAbandoned(sandboxId: string): Promise<boolean> {
  const name = parseSandboxId(sandboxId);
  if (name === undefined) return false;
  if (name.leaseEndsAtSeconds + LEASE_SLACK_SECONDS < Date.now() / 1000) return true;
  return (await isOwnerAlive(name.owner)) === false;
}

function listOurs(control: ControlClient, templateName: string, signal: AbortSignal | undefined): Promise<string[]> {
  return withDeadline({ timeoutMs: LIST_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'list sandboxes' }, async (own) => {
    const found: string[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = { templateName, nextToken };
      const answer = await retrySafely(() => control.listSandboxes(query, { signal: own }), { signal: own });
      for (const { sandboxId, status } of answer.items ?? []) {
        if (lifeOfStatus(status) !== 'ended' && parseSandboxId(sandboxId) !== undefined) found.push(sandboxId);
      }
      if ((answer.nextToken ?? '') === '') return found;
      nextToken = answer.nextToken ?? undefined;
    }
    return found;
  });
}
