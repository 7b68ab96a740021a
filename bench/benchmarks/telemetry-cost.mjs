// @ts-check
import { performance } from 'node:perf_hooks';
import { instrumentCreate, instrumentExecute, PoolTelemetry } from '@sandport/provider-kit';
import { summarise } from '../measure/samples.mjs';

/** @import { ExecutionResult } from '@sandport/core' */
/** @import { Row } from '../measure/report.mjs' */

const CALLS_PER_SAMPLE = 20_000;
const SAMPLES = 30;

/** @type {ExecutionResult} */
const RESULT = {
  status: 'completed',
  error: null,
  stdout: '',
  stderr: '',
  truncated: { stdout: false, stderr: false },
  exitCode: 0,
  signal: null,
  artifacts: { files: [], omitted: [], complete: true },
  clock: { queueMs: 0, claimMs: 1, startMs: 1, runMs: 1, collectMs: 1, totalMs: 4 },
  evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
  isolation: { kind: 'gvisor', measuredBy: 'bench' },
  providerId: 'bench',
  language: 'python',
};

/**
 * What a call pays for telemetry when no SDK is registered: everything that a call goes through, around a call that does nothing.
 *
 * @returns {Promise<Row[]>}
 */
export async function measureTelemetryCost() {
  const facts = /** @type {const} */ ({ providerId: 'bench', language: 'python' });
  const pool = new PoolTelemetry('bench');
  const claim = { profile: 'bench', tenant: 'bench', queueMs: 0, claimMs: 1, hit: true };
  const create = () => Promise.resolve(RESULT);
  const execute = () => Promise.resolve(RESULT);
  const bare = async () => {
    await create();
    await execute();
  };
  const instrumented = async () => {
    await instrumentCreate(facts, create);
    pool.claimed(claim);
    await instrumentExecute(facts, execute);
  };
  const [without, withTelemetry] = [await eachMs(bare), await eachMs(instrumented)];
  const summary = summarise('telemetry of a call, without an SDK', withTelemetry);
  const addedMs = summary.p50Ms - summarise('', without).p50Ms;
  return [
    { ...summary, series: 'telemetry', facts: { addedMs }, note: `${(addedMs * 1000).toFixed(2)} µs more than the same calls without it` },
  ];
}

/**
 * Milliseconds of one call, in samples of many: a single one is shorter than what a clock can tell.
 *
 * @param {() => Promise<void>} call
 */
async function eachMs(call) {
  const samples = [];
  for (let sample = -5; sample < SAMPLES; sample += 1) {
    const began = performance.now();
    for (let index = 0; index < CALLS_PER_SAMPLE; index += 1) await call();
    // The first samples are the compiler's.
    if (sample >= 0) samples.push((performance.now() - began) / CALLS_PER_SAMPLE);
  }
  return samples;
}
