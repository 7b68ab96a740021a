import { performance } from 'node:perf_hooks';
import { describeFailure } from '../describe-failure.ts';
import { rounded } from '../passport-record.ts';
import { describeEnd, runProgram, type TrialScene } from '../run-program.ts';

/** Calls that are measured, after one that is not. */
const CALL_COUNT = 10;

/** Measures whole calls of a program that does nothing, one at a time. */
export async function tryLatency(scene: TrialScene): Promise<void> {
  const { trial, record } = scene;
  trial.begin('latency', CALL_COUNT, 'Measuring calls that do nothing');
  const durationsMs: number[] = [];
  for (let call = 0; call <= CALL_COUNT; call += 1) {
    trial.beginPart(call === 0 ? 'the call before the first' : `call ${call}`);
    const startedAt = performance.now();
    const problem = await problemOfCall(scene);
    if (problem !== undefined) {
      record.addProblem(`A call that does nothing failed: ${problem}.`);
      break;
    }
    if (call === 0) continue;
    durationsMs.push(performance.now() - startedAt);
    trial.endPart(`call ${call} took ${rounded(performance.now() - startedAt)} ms`);
  }
  record.setLatency(summarise(durationsMs));
}

async function problemOfCall(scene: TrialScene): Promise<string | undefined> {
  try {
    const result = await runProgram(scene, { code: '', language: scene.record.languages[0] ?? 'python' });
    return result.status === 'completed' ? undefined : describeEnd(result);
  } catch (error) {
    if (scene.trial.isOver) throw error;
    return describeFailure(error);
  }
}

function summarise(durationsMs: readonly number[]) {
  const sorted = durationsMs.toSorted((left, right) => left - right);
  // The nearest rank: a call that really took so long.
  const atShare = (share: number) => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return sorted.length === 0 ? null : { count: sorted.length, p50Ms: atShare(0.5), p95Ms: atShare(0.95), maxMs: atShare(1) };
}
