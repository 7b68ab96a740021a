import type { Language, MeasuredIsolation, OutOfMemoryEvidence, SandboxEndEvidence, SandboxLimits } from '@sandport/core';
import type { ConnectionEnd, SupervisorConnection } from '../supervisor/supervisor-connection.ts';

/** A place in which programs run under a supervisor, as a pool hands it out: a container, a child process. */
export interface SupervisedInstance {
  /** Id of the sandbox that it becomes. */
  readonly id: string;
  readonly language: Language;
  /** What it was made with, and keeps. */
  readonly limits: SandboxLimits;
  readonly connection: SupervisorConnection;
  readonly isolation: MeasuredIsolation;
  /** Keeps its own time, and goes on when its connection ends. */
  readonly outlivesConnection: boolean;
  /** Its supervisor can end a program. Where it cannot, the instance ends with its program. */
  readonly endsPrograms: boolean;
  readonly witness: InstanceWitness;
  /** How long a word to the supervisor and its answer may be under way, in milliseconds. An interrupted cell gets as much more time before its context is ended. @default 0 */
  readonly answerDelayMs?: number | undefined;
}

/** How an instance ended, as somebody outside of it saw. */
export interface InstanceEnd {
  readonly evidence: SandboxEndEvidence;
  readonly outOfMemory: OutOfMemoryEvidence | null;
}

/** What can be seen of an instance from outside, where that is more than its supervisor says. */
export interface InstanceWitness {
  /**
   * Looks for lack of memory while a program runs: some programs hang then instead of ending. The returned function ends the look.
   */
  watchMemory?(onFound: (evidence: OutOfMemoryEvidence) => void): () => void;
  /** Lack of memory since the last that was told, where it is counted outside; `null` when there was none, or nobody can tell. */
  findOutOfMemory?(): Promise<OutOfMemoryEvidence | null>;
  /** A verdict has taken this for its program's: it is not the next one's. */
  noteTold?(evidence: OutOfMemoryEvidence): void;
  /** How the instance ended whose connection did; `null` when it is not known to have ended, or somebody ended it on purpose. */
  endOf(connectionEnd: ConnectionEnd): Promise<InstanceEnd | null>;
}
