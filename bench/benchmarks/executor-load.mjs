// @ts-check
import { describeOverload } from '../../apps/executor/test/load/describe-overload.mjs';
import { overload } from '../../apps/executor/test/load/overload.mjs';
import { summarise } from '../measure/samples.mjs';

/** @import { Row } from '../measure/report.mjs' */

const GOAL_MS = 50;

/**
 * An executor of its own process in front of a small pool under gVisor, asked for four times what it can do, for SANDPORT_LOAD_SECONDS (60 unless told otherwise). What it held before and after is
 * written to the error stream.
 *
 * @returns {Promise<Row[]>}
 */
export async function measureExecutorLoad() {
  const seconds = Number(process.env['SANDPORT_LOAD_SECONDS'] ?? 60);
  const report = await overload({ seconds });
  process.stderr.write(`${describeOverload(report)}\n`);
  const { tally, before, after, containersLeft } = report;
  const refusals = summarise('refusal at four times the capacity', tally.refusedMs);
  return [
    summarise('answer at four times the capacity', tally.answeredMs),
    {
      ...refusals,
      facts: {
        otherwise: tally.wrong.length,
        containersLeft,
        socketsBefore: before.sockets,
        socketsAfter: after.sockets,
        heapBytesBefore: before.heapBytes,
        heapBytesAfter: after.heapBytes,
        residentBytesBefore: before.residentBytes,
        residentBytesAfter: after.residentBytes,
      },
      note: `goal for p99 ${GOAL_MS} ms: ${refusals.p99Ms <= GOAL_MS ? 'met' : 'missed'}`,
    },
  ];
}
