import { setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from '@sandport/provider-kit';
import { aliyunError, isNotFound, PROVIDER_ID } from '../aliyun-errors.ts';
import type { ControlClient, CreateRemoteSandboxInput } from '../control/control-client.ts';
import { lifeOfStatus, type RemoteSandbox } from '../control/control-schemas.ts';
import type { DataClient } from '../data/data-client.ts';
import { AgentRunFailure } from '../http/agentrun-failure.ts';
import { isPassing, retrySafely } from '../http/retry.ts';

/** From the call to the sandbox's health. */
const READY_TIMEOUT_MS = 90_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
const HEALTH_TIMEOUT_MS = 5000;
const DELETE_TIMEOUT_MS = 30_000;
const DELETE_ATTEMPTS = 5;

/** The two planes. */
export interface AgentRunPlanes {
  readonly control: ControlClient;
  readonly data: DataClient;
}

/**
 * Makes a sandbox and waits until it takes calls. The call that makes it is never repeated blindly: when it is unclear what came of it, the service is asked for the id, which
 * is ours.
 *
 * @throws AgentRunFailure, SandboxError `DEADLINE_EXCEEDED`, `CANCELLED`, `PROVIDER_UNAVAILABLE` (it ended while it was being made).
 */
export async function makeRemoteSandbox(
  { control, data }: AgentRunPlanes,
  input: CreateRemoteSandboxInput,
  signal: AbortSignal,
): Promise<void> {
  await withDeadline({ timeoutMs: READY_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'create sandbox' }, async (own) => {
    const made = await createOnce(control, input, own);
    await waitUntilUsable(control, made, own);
    await waitUntilHealthy({ control, data }, input.sandboxId, own);
  });
}

/** Deletes a sandbox. One that is not there is as good as deleted. */
export async function deleteRemoteSandbox(control: ControlClient, sandboxId: string): Promise<void> {
  await withDeadline({ timeoutMs: DELETE_TIMEOUT_MS, providerId: PROVIDER_ID, operation: 'delete sandbox' }, async (signal) => {
    await retrySafely(
      async () => {
        try {
          await control.deleteSandbox(sandboxId, { signal });
        } catch (error) {
          if (isNotFound(error)) return;
          // An answer of 200 that speaks of a failure may mean that it is not there: the service is asked.
          if (!(error instanceof AgentRunFailure) || error.facts.status !== 200 || (await isThere(control, sandboxId, signal))) throw error;
        }
      },
      {
        signal,
        attempts: DELETE_ATTEMPTS,
        isWorth: (failure) => isPassing(failure) || failure.facts.status === 200 || failure.facts.status === 409,
      },
    );
  });
}

/** Whether the service still has a sandbox that has not ended. */
export async function isThere(control: ControlClient, sandboxId: string, signal?: AbortSignal): Promise<boolean> {
  try {
    const { status } = await retrySafely(() => control.getSandbox(sandboxId, { signal }), { signal });
    return lifeOfStatus(status) !== 'ended';
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function createOnce(control: ControlClient, input: CreateRemoteSandboxInput, signal: AbortSignal): Promise<RemoteSandbox> {
  return retrySafely(
    async () => {
      try {
        return await control.createSandbox(input, { signal });
      } catch (error) {
        const known = isUnclear(error) ? await findSandbox(control, input.sandboxId, signal) : undefined;
        if (known !== undefined) return known;
        throw error;
      }
    },
    // The service has said that there is none by this id: the same call may be made again.
    { signal, isWorth: (failure) => isPassing(failure) || (isUnclear(failure) && failure.facts.status !== 400) },
  );
}

/**
 * It may have been made: no whole answer, one that cannot be read, a failure inside, or one that says that it exists. The official Python SDK looks for that in answers of 400, 409
 * and 500.
 */
function isUnclear(error: unknown): boolean {
  if (!(error instanceof AgentRunFailure)) return false;
  const { kind, status } = error.facts;
  return kind !== 'refused' || status === undefined || [200, 400, 409].includes(status) || status >= 500;
}

async function findSandbox(control: ControlClient, sandboxId: string, signal: AbortSignal): Promise<RemoteSandbox | undefined> {
  try {
    return await retrySafely(() => control.getSandbox(sandboxId, { signal }), { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function waitUntilUsable(control: ControlClient, made: RemoteSandbox, signal: AbortSignal): Promise<void> {
  let sandbox = made;
  for (let pauseMs = FIRST_PAUSE_MS; lifeOfStatus(sandbox.status) !== 'usable'; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    if (lifeOfStatus(sandbox.status) === 'ended') throw endedError(sandbox.status ?? 'nothing');
    await delay(pauseMs, undefined, { signal });
    sandbox = await retrySafely(() => control.getSandbox(sandbox.sandboxId, { signal }), { signal });
  }
}

/** While a sandbox starts, its health is refused, failed or simply not `ok`. The data plane may hear of it later than the control plane: only that one's word ends the waiting. */
async function waitUntilHealthy({ control, data }: AgentRunPlanes, sandboxId: string, signal: AbortSignal): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      if (await data.isReady(sandboxId, { signal, timeoutMs: HEALTH_TIMEOUT_MS })) return;
    } catch (error) {
      if (!(error instanceof AgentRunFailure) || isRefusalOfUs(error)) throw error;
      if (isNotFound(error) && !(await isThere(control, sandboxId, signal))) throw error;
    }
    await delay(pauseMs, undefined, { signal });
  }
}

/** No waiting makes these better. */
function isRefusalOfUs({ facts }: AgentRunFailure): boolean {
  return facts.code === 'ENOTFOUND' || facts.status === 401 || facts.status === 403;
}

function endedError(status: string): Error {
  return aliyunError('PROVIDER_UNAVAILABLE', 'create sandbox', `The sandbox ended while it was being made (status ${status}).`, {
    suggestion: 'Look at the template in the AgentRun console, and at the quotas of the account.',
  });
}
