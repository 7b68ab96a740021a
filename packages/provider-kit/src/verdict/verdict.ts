import type { Evidence, JsonValue, ProgramError, ValueChannelEvidence } from '@sandport/core';
import type { RunFacts } from './run-facts.ts';

/** The part of a result that is decided, as opposed to collected. */
export type Verdict =
  | { readonly status: 'completed'; readonly error: null; readonly value?: JsonValue; readonly valueJson?: string }
  | { readonly status: 'failed'; readonly error: ProgramError }
  | { readonly status: 'timed-out' | 'out-of-memory' | 'output-limit-exceeded' | 'cancelled' | 'killed'; readonly error: null };

/**
 * Decides what a program did from machine facts alone. What ended the program from outside comes first, in the order in which it
 * overrules the rest; only then the program's own end counts.
 */
export function decideVerdict(facts: RunFacts): Verdict {
  if (facts.abort !== null) return { status: 'cancelled', error: null };
  if (facts.timer !== null) return { status: 'timed-out', error: null };
  if (facts.outputLimit !== null) return { status: 'output-limit-exceeded', error: null };
  const own = decideOwnEnd(facts);
  // A kill for memory that the program survived (one of its children died) does not take its success away.
  if (facts.outOfMemory !== null && own.status !== 'completed') return { status: 'out-of-memory', error: null };
  return own;
}

/** The facts behind the verdict, in a fixed order. */
export function evidenceOf(facts: RunFacts): readonly Evidence[] {
  const channel: ValueChannelEvidence = { kind: 'value-channel', observer: 'host', state: channelStateOf(facts) };
  const all: readonly (Evidence | null)[] = [
    facts.abort,
    facts.timer,
    facts.outputLimit,
    facts.outOfMemory,
    ...facts.limits,
    facts.exit,
    facts.sandboxEnd,
    channel,
    facts.isolation,
  ];
  return all.filter((evidence) => evidence !== null);
}

function channelStateOf(facts: RunFacts): ValueChannelEvidence['state'] {
  return facts.report.state === 'none' ? 'empty' : facts.report.state;
}

function decideOwnEnd(facts: RunFacts): Verdict {
  if (facts.interpreterLives) return decideReport(facts);
  if (facts.exit === null) return { status: 'killed', error: null };
  const { exitCode, signal } = facts.exit;
  // Linux and everything around the program kill with SIGKILL and nothing else: another signal is the program's own making.
  if (signal === 'SIGKILL') return { status: 'killed', error: null };
  if (signal !== null) return failed(facts, { type: 'Signal', message: `The program was ended by ${signal}.`, traceback: '' });
  if (exitCode !== 0) return failed(facts, { type: 'ExitCode', message: `The program ended with exit code ${exitCode}.`, traceback: '' });
  return decideReport(facts);
}

function failed(facts: RunFacts, fallback: ProgramError): Verdict {
  return { status: 'failed', error: reportedError(facts) ?? fallback };
}

/** Exit code 0: the program has completed unless it reported an error itself. */
function decideReport(facts: RunFacts): Verdict {
  const error = reportedError(facts);
  if (error !== null) return { status: 'failed', error };
  if (facts.report.state !== 'value') return { status: 'completed', error: null };
  return { status: 'completed', error: null, value: facts.report.value, valueJson: facts.report.valueJson };
}

function reportedError({ report }: RunFacts): ProgramError | null {
  switch (report.state) {
    case 'error':
      return report.error;
    case 'too-large':
      return {
        type: 'ValueError',
        message: `main() returned a value of ${report.sizeBytes} bytes of JSON, which is above the limit.`,
        traceback: '',
      };
    case 'malformed':
      return { type: 'ValueError', message: 'The program wrote something to the value channel that is not a report.', traceback: '' };
    case 'empty':
    case 'none':
    case 'value':
      return null;
    default:
      return report satisfies never;
  }
}
