import type {
  AbortEvidence,
  ExitEvidence,
  IsolationEvidence,
  LimitEvidence,
  OutOfMemoryEvidence,
  OutputLimitEvidence,
  SandboxEndEvidence,
  TimerEvidence,
} from '@sandport/core';
import type { RunnerReport } from '../runner/runner-report.ts';

/** What machines saw of a run. Nothing in it is text that the program wrote, but for the report, which can only make it a failure. */
export interface RunFacts {
  readonly isolation: IsolationEvidence;
  /** The caller's signal fired while the program ran. */
  readonly abort: AbortEvidence | null;
  /** Our timer fired while the program ran. */
  readonly timer: TimerEvidence | null;
  /** A stream passed its limit and the program was ended for it. */
  readonly outputLimit: OutputLimitEvidence | null;
  readonly outOfMemory: OutOfMemoryEvidence | null;
  /** Limits that the program met and that ended nothing. */
  readonly limits: readonly LimitEvidence[];
  /** How the main process ended; `null` when nobody saw it end. */
  readonly exit: ExitEvidence | null;
  /** The program was a cell of a context, and its interpreter goes on: there is no exit, and the report alone tells how the cell ended. */
  readonly interpreterLives: boolean;
  /** The sandbox itself ended under the program. */
  readonly sandboxEnd: SandboxEndEvidence | null;
  readonly report: RunnerReport;
}
