import { randomBytes } from 'node:crypto';
import { isPassing, ownerMark, retrySafely, withDeadline } from '@sandport/provider-kit';
import type { CreateInput } from '../control/control-client.ts';
import type { ConnectedSandbox, KnownSandbox } from '../control/control-schemas.ts';
import { isNotFound, PROVIDER_ID } from '../e2b-errors.ts';
import { E2bFailure, isPassingOutside } from '../http/e2b-failure.ts';
import { makerMetadata, readMarks, tagMetadata, toMetadata, type ReconnectionMarks } from './sandbox-marks.ts';
import type { ServiceControl } from './service-control.ts';

const MAKE_TIMEOUT_MS = 90_000;
const KILL_TIMEOUT_MS = 30_000;
const KILL_ATTEMPTS = 5;
const MOST_PAGES = 100;

/** What a sandbox is made from. */
export interface MakeInput extends CreateInput {
  /** Who makes it. */
  readonly maker: string;
  /** For one that others may take over: what is marked on it besides, by the mark of the attempt. */
  readonly reconnectionOf: ((tag: string) => ReconnectionMarks) | undefined;
  /** Where attempts are written down whose end is not known. */
  readonly unclear: { add(tag: string): void };
}

/** A sandbox, and the mark by which it is told from all others. */
export interface MadeSandbox {
  readonly sandbox: ConnectedSandbox;
  readonly tag: string;
}

/**
 * Makes a sandbox. What may have been made although nobody was told is looked for by its mark, and ended, before another is made; and the mark is written down, since it may come late.
 *
 * @throws E2bFailure, SandboxError `DEADLINE_EXCEEDED`, `CANCELLED`.
 */
export async function makeSandboxOnce(
  control: ServiceControl,
  { maker, reconnectionOf, unclear, ...input }: MakeInput,
  signal: AbortSignal,
): Promise<MadeSandbox> {
  const owner = await ownerMark();
  return withDeadline({ timeoutMs: MAKE_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'create sandbox' }, (own) =>
    retrySafely(
      async () => {
        const tag = randomBytes(12).toString('hex');
        const marks = toMetadata({ owner, tag, maker, reconnection: reconnectionOf?.(tag) });
        const marked = { ...input, metadata: { ...input.metadata, ...marks } };
        let isClear = false;
        try {
          const sandbox = await control.createSandbox(marked, { signal: own });
          isClear = true;
          return { sandbox, tag };
        } catch (error) {
          isClear = error instanceof E2bFailure && isClearRefusal(error);
          if (!isClear && !own.aborted) await endByTag(control, tag, own);
          throw error;
        } finally {
          // Also when the call was withdrawn, or its deadline passed.
          if (!isClear) unclear.add(tag);
        }
      },
      { signal: own, isWorth: isPassingOutside },
    ),
  );
}

/** Ends a sandbox. One that is not there is as good as ended. */
export async function killSandbox(control: ServiceControl, sandboxId: string): Promise<void> {
  await withDeadline({ timeoutMs: KILL_TIMEOUT_MS, providerId: PROVIDER_ID, operation: 'end sandbox' }, (signal) =>
    retrySafely(
      async () => {
        try {
          await control.killSandbox(sandboxId, { signal });
        } catch (error) {
          if (!isNotFound(error)) throw error;
        }
      },
      { signal, attempts: KILL_ATTEMPTS, isWorth: (failure) => isPassing(failure) || failure.facts.status === 409 },
    ),
  );
}

/**
 * Makes sure that a sandbox runs: one that was paused is resumed.
 *
 * @returns `false` when the service has none by this id.
 */
export async function reviveSandbox(control: ServiceControl, sandboxId: string, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  try {
    const { state } = await retrySafely(() => control.getSandbox(sandboxId, { signal }), { signal });
    if (state === 'paused') await retrySafely(() => control.connectSandbox(sandboxId, timeoutMs, { signal }), { signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Whether the service still has a sandbox, running or paused. Only its control plane is believed. */
export async function isThere(control: ServiceControl, sandboxId: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await retrySafely(() => control.getSandbox(sandboxId, { signal }), { signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** All sandboxes with these marks. */
export async function listAll(
  control: ServiceControl,
  metadata: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<KnownSandbox[]> {
  const found: KnownSandbox[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const token = nextToken;
    const answer = await retrySafely(() => control.listSandboxes(metadata, token, { signal }), { signal });
    found.push(...answer.sandboxes);
    if (answer.nextToken === undefined) break;
    nextToken = answer.nextToken;
  }
  // A service that does not look at the marks would have us end what is others'.
  return found.filter((sandbox) => Object.entries(metadata).every(([key, value]) => sandbox.metadata?.[key] === value));
}

/** Ends what an attempt has made, if it has. */
async function endByTag(control: ServiceControl, tag: string, signal?: AbortSignal): Promise<void> {
  for (const { sandboxID } of await listAll(control, tagMetadata(tag), signal)) await killSandbox(control, sandboxID);
}

/** Ends everything that a provider has made and that nobody can want any more: also what came late, or was made twice on the way. Of those for others only what attempts may have made whose end is not known. */
export async function endAllOf(control: ServiceControl, maker: string, unclear: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  const unwanted = (await listAll(control, makerMetadata(maker), signal)).filter(({ metadata }) => {
    const marks = readMarks(metadata);
    return marks !== undefined && (marks.reconnection === undefined || unclear.has(marks.tag));
  });
  await Promise.all(unwanted.map(({ sandboxID }) => killSandbox(control, sandboxID)));
}

/** The service itself has said that it made none. */
function isClearRefusal({ facts }: E2bFailure): boolean {
  if (facts.kind === 'unreachable') return facts.code === 'ECONNREFUSED' || facts.code === 'ENOTFOUND';
  return facts.kind === 'refused' && facts.status !== undefined && (facts.status < 500 || facts.status === 501 || facts.status === 503);
}
