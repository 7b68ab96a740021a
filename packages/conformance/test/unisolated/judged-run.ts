import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionRequest, ExecutionResult } from '@sandport/core';
import { ARTIFACTS_NOT_COLLECTED, type RunFacts, type Verdict } from '@sandport/provider-kit';
import { collectArtifacts, lookAtArtifacts } from './collect-artifacts.ts';
import type { Habits, PrintedText } from './habits.ts';
import type { HostSandbox } from './host-sandbox.ts';
import { NO_ISOLATION, type RunningThing } from './program-run.ts';

/** Milliseconds that collecting may take for a call that was withdrawn. */
const HASTE_MS = 200;

/** Lays out the files of a call, lets it run, collects what it left and judges it. */
export async function runAndJudge(
  sandbox: HostSandbox,
  request: ExecutionRequest,
  signal: AbortSignal | undefined,
  start: () => Promise<RunningThing>,
): Promise<ExecutionResult> {
  const { providerId, habits, capabilities } = sandbox.surroundings;
  const startedAt = performance.now();
  const artifactFolder = join(sandbox.folder.path, 'artifacts');
  await mkdir(artifactFolder, { recursive: true });
  for (const [path, content] of request.files) await sandbox.folder.write(path, content);
  const wanted = capabilities.artifacts ? artifactFolder : join(artifactFolder, 'nothing-is-collected');
  const former = await lookAtArtifacts(wanted, request.limits, habits);
  const { facts: seen, printed, clock } = await sandbox.watch(await start(), startedAt, signal);
  const collectedFrom = performance.now();
  const collected = await unlessAborted(collectArtifacts(wanted, request.limits, habits, former), signal);
  const artifacts = collected ?? ARTIFACTS_NOT_COLLECTED;
  const facts: RunFacts = collected === null ? { ...seen, abort: { kind: 'abort', observer: 'host' } } : seen;
  const endedAt = performance.now();
  return habits.finish({
    ...judge(facts, printed, habits),
    ...printed,
    exitCode: facts.exit?.exitCode ?? null,
    signal: facts.exit?.signal ?? null,
    artifacts,
    clock: { ...clock, collectMs: endedAt - collectedFrom, totalMs: endedAt - startedAt },
    evidence: habits.evidenceOf(facts),
    isolation: { kind: NO_ISOLATION.isolation, measuredBy: NO_ISOLATION.measuredBy },
    providerId,
    language: sandbox.language,
  });
}

function judge(facts: RunFacts, printed: PrintedText, habits: Habits): Verdict {
  if (facts.sandboxEnd !== null && habits.keeping.endOfLife !== 'killed') return { status: habits.keeping.endOfLife, error: null };
  return habits.decide(facts, printed);
}

/** What the work gives, or `null` when the signal fires meanwhile, or has fired and the work takes long. */
async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result | null> {
  const over = new AbortController();
  const aborted = new Promise<null>((resolve) => {
    const giveUp = () => resolve(null);
    if (signal?.aborted === true) setTimeout(giveUp, HASTE_MS);
    else signal?.addEventListener('abort', giveUp, { signal: over.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
  }
}
