import type { HardeningMeasure, IsolationKind } from '../isolation.ts';
import type { OutputStream } from './output-chunk.ts';

/** Who saw it: our own process, the engine or service, or the supervisor beside the program (under another user than the program). */
export type EvidenceObserver = 'host' | 'engine' | 'supervisor';

/** How the program's main process ended, as its parent was told by the kernel. */
export interface ExitEvidence {
  readonly kind: 'exit';
  readonly observer: EvidenceObserver;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A timer of ours fired. */
export interface TimerEvidence {
  readonly kind: 'timer';
  readonly observer: EvidenceObserver;
  readonly limitMs: number;
  readonly elapsedMs: number;
}

/** The kernel killed something in the sandbox for lack of memory, or the sandbox's own counter stopped the program at its limit. */
export interface OutOfMemoryEvidence {
  readonly kind: 'out-of-memory';
  readonly observer: EvidenceObserver;
  /** Which fact says so. */
  readonly source: 'engine-event' | 'engine-state' | 'cgroup-v1-oom-kill' | 'cgroup-v2-oom-kill' | 'engine-report' | 'wasm-memory-gate';
  readonly limitBytes: number | null;
  /** Value of the counter where there is one. */
  readonly kills: number | null;
}

/** A counter of bytes passed its limit. */
export interface OutputLimitEvidence {
  readonly kind: 'output-limit';
  readonly observer: EvidenceObserver;
  readonly stream: OutputStream;
  readonly limitBytes: number;
}

/**
 * A limit was met that refuses or slows a program rather than ending it: what the program made of that is its own doing, and no verdict rests on it.
 */
export interface LimitEvidence {
  readonly kind: 'limit';
  readonly observer: EvidenceObserver;
  readonly limit: 'processes' | 'disk' | 'cpus';
  /** Which fact says so. */
  readonly source: 'cgroup-v1-pids-events' | 'cgroup-v2-pids-events' | 'cgroup-v1-cpu-stat' | 'cgroup-v2-cpu-stat' | 'file-system';
  /** How often it was met during the run: refused starts, slowed periods; `null` where the fact is a state and no counter. */
  readonly count: number | null;
}

/** The caller's signal fired. */
export interface AbortEvidence {
  readonly kind: 'abort';
  readonly observer: 'host';
}

/** The sandbox ended under the program. */
export interface SandboxEndEvidence {
  readonly kind: 'sandbox-end';
  readonly observer: EvidenceObserver;
  readonly exitCode: number | null;
}

/** What was measured of the boundary before user code started. */
export interface IsolationEvidence {
  readonly kind: 'isolation';
  readonly observer: EvidenceObserver;
  readonly isolation: IsolationKind;
  readonly measuredBy: string;
  /** What was taken from the process around the boundary, where that is measured. */
  readonly hardening?: readonly HardeningMeasure[];
}

/** What arrived on the value channel: nothing, a value, an error report, or bytes that are none of these. */
export interface ValueChannelEvidence {
  readonly kind: 'value-channel';
  readonly observer: EvidenceObserver;
  readonly state: 'empty' | 'value' | 'error' | 'malformed' | 'too-large';
}

/** A machine fact behind a verdict. */
export type Evidence =
  | ExitEvidence
  | TimerEvidence
  | OutOfMemoryEvidence
  | OutputLimitEvidence
  | LimitEvidence
  | AbortEvidence
  | SandboxEndEvidence
  | IsolationEvidence
  | ValueChannelEvidence;
