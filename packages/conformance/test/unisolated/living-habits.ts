import type { ExecutionStatus } from '@sandport/core';

/** What can go wrong with streams: of input, of output, of files. */
export interface StreamHabits {
  /** Whether input is written while the program runs, or before it starts, or not at all. */
  readonly input: 'as-it-comes' | 'collected-first' | 'none';
  readonly carryInput: (piece: Uint8Array) => Uint8Array;
  readonly endsInput: boolean;
  /** Whether more input is taken only when the program has read what came before. */
  readonly waitsForReader: boolean;
  /** Whether an input stream that fails makes the call fail. */
  readonly tellsInputFailure: boolean;
  /** Whether a stream that is not needed any more is told so. */
  readonly letsGo: boolean;
  /** What becomes of a promise of the output listener. */
  readonly listener: 'awaited' | 'ignored' | 'awaited-without-end' | 'failure-ignored';
  /** Whether a stream that a file is written from and that fails makes the call fail. */
  readonly tellsContentFailure: boolean;
  /** Which pieces of a file arrive. */
  readonly filePieces: 'all' | 'without-the-last';
  /** Whether the signal is heard while a file is written or read. */
  readonly hearsAbort: boolean;
  /** When the place in the queue is given up that a file stream has. */
  readonly fileStreamHolds: 'until-over' | 'not-at-all' | 'until-read';
  /** Whether the path of a stream is checked before its first piece is taken. */
  readonly checksPathFirst: boolean;
}

/** What can go wrong with a sandbox that is kept. */
export interface KeepingHabits {
  readonly order: 'in-order' | 'at-once' | 'latest-first';
  /** Whether a call that waits for its turn hears its signal. */
  readonly withdrawsWaiting: boolean;
  readonly files: 'keep' | 'forget';
  /** Which artifacts a run brings back. */
  readonly artifacts: 'own' | 'new-names' | 'all';
  readonly environment: 'own' | 'inherited';
  /** Whether the sandbox is given up after a run with this status. */
  readonly isSpoiltBy: (status: ExecutionStatus) => boolean;
  /** When the time without a call begins. */
  readonly idle: 'after-each-call' | 'never' | 'at-creation' | 'when-a-call-begins';
  readonly lifetime: 'kept' | 'ignored' | 'renewed-by-calls';
  readonly extending: 'from-now' | 'ignored' | 'added';
  readonly expiry: 'told' | 'of-creation';
  /** What a call says whose sandbox ended under it. */
  readonly endOfLife: 'killed' | 'timed-out' | 'completed';
  /** Which sandboxes `connectSandbox` finds. */
  readonly finds: 'reconnectable' | 'living';
  readonly unknownSandbox: 'refused' | 'made';
  readonly formerHolder: 'refused' | 'served' | 'may-destroy';
  /** Whether contexts live on when another process takes over. */
  readonly takesContextsOver: boolean;
  /** What becomes of a program that runs while another process takes over. */
  readonly takeOverEndsProgram: boolean;
  readonly closing: 'leaves-reconnectable' | 'ends-all' | 'leaves-all';
  readonly destroying: 'ends' | 'lets-go';
}

/** What can go wrong with contexts. */
export interface ContextHabits {
  readonly maximum: number;
  /** Whose variables a cell finds. */
  readonly interpreter: 'of-the-context' | 'of-the-sandbox' | 'of-the-cell';
  /** What an interrupt does to the interpreter. */
  readonly interrupt: 'SIGINT' | 'SIGKILL' | null;
  /** Whether an interpreter that does not yield is ended. */
  readonly endsStubborn: boolean;
  /** What becomes of the whole sandbox when an interpreter ends. */
  readonly endOfInterpreter: 'told' | 'begins-anew' | 'ends-sandbox';
  readonly afterPlainRun: 'live' | 'ended';
  readonly destroyed: 'ended' | 'forgotten' | 'refused-twice';
  readonly unknown: 'refused' | 'made';
  /** Whether a cell is refused that says what only the sandbox can say. */
  readonly checksFields: boolean;
}

export const HONEST_STREAMS: StreamHabits = {
  input: 'as-it-comes',
  carryInput: (piece) => piece,
  endsInput: true,
  waitsForReader: true,
  tellsInputFailure: true,
  letsGo: true,
  listener: 'awaited',
  tellsContentFailure: true,
  filePieces: 'all',
  hearsAbort: true,
  fileStreamHolds: 'until-over',
  checksPathFirst: true,
};

export const HONEST_KEEPING: KeepingHabits = {
  order: 'in-order',
  withdrawsWaiting: true,
  files: 'keep',
  artifacts: 'own',
  environment: 'own',
  isSpoiltBy: () => false,
  idle: 'after-each-call',
  lifetime: 'kept',
  extending: 'from-now',
  expiry: 'told',
  endOfLife: 'killed',
  finds: 'reconnectable',
  unknownSandbox: 'refused',
  formerHolder: 'refused',
  takesContextsOver: true,
  takeOverEndsProgram: true,
  closing: 'leaves-reconnectable',
  destroying: 'ends',
};

export const HONEST_CONTEXTS: ContextHabits = {
  maximum: 8,
  interpreter: 'of-the-context',
  interrupt: 'SIGINT',
  endsStubborn: true,
  endOfInterpreter: 'told',
  afterPlainRun: 'live',
  destroyed: 'ended',
  unknown: 'refused',
  checksFields: true,
};
