import { performance } from 'node:perf_hooks';
import type { Passport } from '@sandport/core';
import { problemOfError, problemOfText, type Problem } from '../describe-failure.ts';
import { rounded } from '../rounded-duration.ts';
import { describeEnd, printedBy, runProgram, type TrialScene } from '../run-program.ts';

/** Calls that are measured, after one that is not. */
const CALL_COUNT = 10;

interface CallOutcome {
  readonly problem?: Problem;
  readonly output?: string;
}

/** Measures whole calls of a program that does nothing, one at a time. */
export async function tryLatency(scene: TrialScene): Promise<void> {
  const { trial, record } = scene;
  trial.begin('latency', CALL_COUNT, 'Measuring calls that do nothing');
  const durationsMs: number[] = [];
  const begunAt = performance.now();
  let outcome: CallOutcome = {};
  for (let call = 0; call <= CALL_COUNT; call += 1) {
    trial.beginPart(call === 0 ? 'the call before the first' : `call ${call}`);
    const startedAt = performance.now();
    outcome = await callOnce(scene);
    if (outcome.problem !== undefined) {
      record.addProblem(`A call that does nothing failed: ${outcome.problem.text}.`);
      break;
    }
    if (call === 0) continue;
    durationsMs.push(performance.now() - startedAt);
    trial.endPart(`call ${call} took ${rounded(performance.now() - startedAt)} ms`);
  }
  const latency = summarise(durationsMs);
  record.setLatency(latency);
  const { problem, output } = outcome;
  trial.find({
    kind: 'latency',
    id: 'latency',
    title: `${CALL_COUNT} calls that do nothing succeed, one after the other`,
    outcome: problem === undefined ? 'passed' : 'failed',
    message: problem?.message ?? describe(latency),
    durationMs: performance.now() - begunAt,
    output,
    remedy: problem?.remedy,
  });
}

async function callOnce(scene: TrialScene): Promise<CallOutcome> {
  try {
    const result = await runProgram(scene, { code: '', language: scene.record.languages[0] ?? 'python' });
    return result.status === 'completed' ? {} : { problem: problemOfText(describeEnd(result)), output: printedBy(result) };
  } catch (error) {
    if (scene.trial.isOver) throw error;
    return { problem: problemOfError(error) };
  }
}

function summarise(durationsMs: readonly number[]): Passport['latency'] {
  const sorted = durationsMs.toSorted((left, right) => left - right);
  // The nearest rank: a call that really took so long.
  const atShare = (share: number) => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return sorted.length === 0 ? null : { count: sorted.length, p50Ms: atShare(0.5), p95Ms: atShare(0.95), maxMs: atShare(1) };
}

function describe(latency: Passport['latency']): string {
  return latency === null ? 'No call was measured.' : `Half took at most ${latency.p50Ms} ms, the slowest ${latency.maxMs} ms.`;
}
