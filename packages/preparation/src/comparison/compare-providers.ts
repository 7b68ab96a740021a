import { SandboxError } from '@sandport/core';
import { learnSecrets } from '../learn-secrets.ts';
import { plainText } from '../plain-text.ts';
import { SecretScrubber } from '../secret-scrubber.ts';
import { TimedWork } from '../timed-work.ts';
import { TrialProviders } from '../trial-providers.ts';
import { checkComparison, type CheckedComparison, type ComparisonOptions, type ComparisonSide } from './comparison-options.ts';
import { describeOutcomeDifferences } from './outcome-differences.ts';
import { runComparedProgram, type ComparedPlace } from './run-compared-program.ts';

/** What a comparison came to. */
export interface ComparisonSummary {
  /** Programs that were run. */
  readonly programs: number;
  /** Programs that came out otherwise, be it only in time. */
  readonly differing: number;
}

/**
 * Runs the same programs on two configurations, each program in a fresh sandbox and on both sides at the same time, and tells in what the outcomes differ. What a side refuses
 * or cannot do is an outcome. Both providers are closed when the call settles, or were given 15 seconds for it.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the option, `CONFIG_INVALID` or what else a factory throws, without secrets; `CANCELLED` when the signal fired,
 *   `DEADLINE_EXCEEDED` when the time ran out; what the listener threw.
 */
export async function compareProviders(options: ComparisonOptions): Promise<ComparisonSummary> {
  const checked = checkComparison(options);
  const scrubber = new SecretScrubber();
  using run = begin(checked);
  run.signal.throwIfAborted();
  // The secrets of both are known before either is made: one side may tell those of the other.
  for (const [name, { definition, config }] of sidesOf(checked)) guarded(name, scrubber, () => learnSecrets(definition, config, scrubber));
  const made: TrialProviders[] = [];
  const makePlace = (name: string, { definition, config }: ComparisonSide): ComparedPlace => {
    const providers = new TrialProviders(definition, config);
    made.push(providers);
    return { provider: guarded(name, scrubber, () => providers.make()), run, scrubber, now: checked.now };
  };
  try {
    const left = makePlace('left', checked.left);
    const right = makePlace('right', checked.right);
    return await compareAll(checked, left, right);
  } finally {
    // That a provider does not close is a matter of its trial; here it only must not hold up the answer.
    await Promise.all(made.map((providers) => providers.close()));
  }
}

function begin({ deadlineMs, signal }: CheckedComparison): TimedWork {
  const operation = 'compareProviders';
  return new TimedWork({
    boundMs: deadlineMs,
    late: () =>
      new SandboxError('DEADLINE_EXCEEDED', `The comparison did not end within ${deadlineMs / 1000} s.`, {
        operation,
        suggestion: 'Compare fewer programs, or look at the load of both providers.',
      }),
    parent: signal,
    withdrawn: (cause) =>
      new SandboxError('CANCELLED', 'The comparison was withdrawn.', {
        operation,
        suggestion: 'Compare again when it is wanted; nothing was kept.',
        cause,
      }),
  });
}

function sidesOf({ left, right }: CheckedComparison): readonly (readonly [string, ComparisonSide])[] {
  return [
    ['left', left],
    ['right', right],
  ];
}

async function compareAll(
  { programs, onCompared }: CheckedComparison,
  left: ComparedPlace,
  right: ComparedPlace,
): Promise<ComparisonSummary> {
  let differing = 0;
  for (const program of programs) {
    left.run.signal.throwIfAborted();
    const [leftOutcome, rightOutcome] = await Promise.all([runComparedProgram(left, program), runComparedProgram(right, program)]);
    const differences = describeOutcomeDifferences(leftOutcome, rightOutcome);
    if (differences.length > 0) differing += 1;
    onCompared({ program, left: leftOutcome, right: rightOutcome, differences });
  }
  return { programs: programs.length, differing };
}

/** What the making of a side throws, with its name and without secrets. */
function guarded<Result>(side: string, scrubber: SecretScrubber, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    const isOurs = SandboxError.isInstance(error);
    const message = error instanceof Error ? error.message : 'something that is no error was thrown';
    throw new SandboxError(isOurs ? error.code : 'INTERNAL', plainText(`The ${side} side: ${message}`, scrubber), {
      operation: 'compareProviders',
      suggestion: plainText((isOurs ? error.suggestion : undefined) ?? 'Test this configuration by itself; its trial says more.', scrubber),
      details: { side },
    });
  }
}
