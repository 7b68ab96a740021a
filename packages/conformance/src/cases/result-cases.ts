import type { Language, PhaseClock } from '@sandport/core';
import { ISOLATION_KINDS } from '@sandport/core';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.ts';
import { inOneLanguage } from '../define-case.ts';
import { expectEqual, expectEvidence, expectTrue } from '../expectations.ts';

const PROGRAMS = {
  python: 'import sys, time\ndef main(code, seconds):\n    time.sleep(seconds)\n    if code != 0:\n        sys.exit(code)\n',
  javascript:
    'async function main({ code, seconds }) {\n  await new Promise((done) => setTimeout(done, seconds * 1000));\n' +
    '  if (code !== 0) process.exit(code);\n}\n',
};

/** Rounding of the phases, in milliseconds. */
const ROUNDING_MS = 1;

/** One result that completed, one that failed and one that timed out. */
function threeResults(context: ConformanceContext, program: { code: string; language: Language }) {
  const call = (code: number, seconds: number, timeoutMs: number) =>
    context.execute({ ...program, arguments: { code, seconds }, limits: { timeoutMs } });
  return Promise.all([call(0, 0.05, 20_000), call(3, 0, 20_000), call(0, 6, 400)]);
}

const PHASES = ['queueMs', 'claimMs', 'startMs', 'runMs', 'collectMs'] as const satisfies readonly (keyof PhaseClock)[];

/** What every result carries. */
export const resultCases: readonly ConformanceCase[] = [
  inOneLanguage({
    id: 'results/evidence',
    title: 'carries the machine facts behind every verdict, and they agree with it',
    programs: PROGRAMS,
    async run(context, program) {
      const results = await threeResults(context, program);
      expectEqual(
        results.map(({ status }) => status),
        ['completed', 'failed', 'timed-out'],
        'statuses',
      );
      const [completed, failed, timedOut] = results;
      for (const result of [completed, failed]) {
        const { exitCode, signal } = expectEvidence(result, 'exit');
        expectEqual({ exitCode, signal }, { exitCode: result.exitCode, signal: result.signal }, 'evidence of the exit');
      }
      expectEqual([completed.exitCode, failed.exitCode], [0, 3], 'exit codes');
      expectEvidence(timedOut, 'timer');
      expectEqual([completed.error, timedOut.error], [null, null], 'errors of the results that did not fail');
    },
  }),
  inOneLanguage({
    id: 'results/clock',
    title: 'tells how long each phase took, in numbers that fit together',
    programs: PROGRAMS,
    async run(context, program) {
      for (const { clock, status } of await threeResults(context, program)) {
        const phases = PHASES.map((name) => clock[name]);
        expectTrue(
          [...phases, clock.totalMs].every((ms) => Number.isFinite(ms) && ms >= 0),
          `clock of ${status}`,
          clock,
          'no negative number',
        );
        const sumMs = phases.reduce((sum, ms) => sum + ms, 0);
        expectTrue(sumMs <= clock.totalMs + ROUNDING_MS, `phases of ${status} together`, clock, 'at most totalMs');
        expectTrue(clock.runMs > 0, `runMs of ${status}`, clock.runMs, 'more than 0');
      }
    },
  }),
  inOneLanguage({
    id: 'results/identity',
    title: 'names the provider, the language and the isolation',
    programs: PROGRAMS,
    async run(context, program) {
      for (const { providerId, language, isolation } of await threeResults(context, program)) {
        expectEqual({ providerId, language }, { providerId: context.provider.id, language: program.language }, 'provider and language');
        expectTrue(ISOLATION_KINDS.includes(isolation.kind) && isolation.measuredBy !== '', 'isolation', isolation);
      }
    },
  }),
].flat();
