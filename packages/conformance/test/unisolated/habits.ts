import {
  parseExecutionRequest,
  type Evidence,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type HealthReport,
  type ProviderCapabilities,
} from '@sandport/core';
import { BoundedText, decideVerdict, evidenceOf, type RunFacts, type Verdict } from '@sandport/provider-kit';
import {
  HONEST_CONTEXTS,
  HONEST_KEEPING,
  HONEST_STREAMS,
  type ContextHabits,
  type KeepingHabits,
  type StreamHabits,
} from './living-habits.ts';

/** What a run printed. */
export interface PrintedText {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The places in which a provider can do the wrong thing. The reference does the right one everywhere; a faulty provider
 * differs in one of them.
 */
export interface Habits {
  /** How a request is checked before anything is started. */
  readonly checkRequest: (input: ExecutionRequestInput | ExecutionRequest) => ExecutionRequest;
  /** What is done to a path of `readFile` and `writeFile` before it is checked. */
  readonly cleanPath: (path: string) => string;
  /** What is handed to the runner for a request. */
  readonly programOf: (request: ExecutionRequest) => Pick<ExecutionRequest, 'code' | 'arguments' | 'environment'>;
  /** What becomes of the content of files on their way in and out. */
  readonly carry: (content: Uint8Array) => Uint8Array;
  /** What the program finds in its environment, besides what the request gives. */
  readonly environment: () => Readonly<Record<string, string | undefined>>;
  readonly newText: (limitBytes: number) => Pick<BoundedText, 'append' | 'finish' | 'truncated' | 'toString'>;
  readonly decide: (facts: RunFacts, printed: PrintedText) => Verdict;
  readonly evidenceOf: (facts: RunFacts) => readonly Evidence[];
  /** The last look at a result before it is handed out. */
  readonly finish: (result: ExecutionResult) => ExecutionResult;
  readonly callback: 'while-running' | 'at-the-end';
  /** What becomes of links among artifacts and on the way to a file that is read or written. */
  readonly links: 'leave' | 'follow';
  /** Whether a signal is looked at before anything is started. */
  readonly looksAtSignal: boolean;
  /** Whether maxima and ranges of what a sandbox is made with are looked at. */
  readonly looksAtRanges: boolean;
  readonly workFolder: 'own' | 'shared';
  /** Which facts make it end the program. */
  readonly endsProgramOn: { readonly timeout: boolean; readonly abort: boolean; readonly outputLimit: boolean };
  /** Whether an aborted call settles, whatever becomes of the program. */
  readonly settlesOnAbort: boolean;
  /** What becomes of processes that the program started. */
  readonly children: 'end' | 'keep' | 'await';
  /** How often a program that fails is started. */
  readonly attempts: number;
  /** Whether a used sandbox and a closed provider still serve. */
  readonly servesWhenClosed: boolean;
  /** Whether the limit of open files is set. */
  readonly limitsOpenFiles: boolean;
  readonly streams: StreamHabits;
  readonly keeping: KeepingHabits;
  readonly contexts: ContextHabits;
  /** What it says of its capabilities when it is asked. */
  readonly tellCapabilities: (capabilities: ProviderCapabilities) => ProviderCapabilities;
  /** The last look at a health report. */
  readonly reportHealth: (report: HealthReport, secret: string) => HealthReport;
}

/** What the contract asks for, as far as a child process of the host can give it. */
export const HONEST: Habits = {
  checkRequest: parseExecutionRequest,
  cleanPath: (path) => path,
  programOf: (request) => request,
  carry: (content) => content,
  environment: () => ({ PATH: process.env['PATH'], LANG: 'C.UTF-8' }),
  newText: (limitBytes) => new BoundedText(limitBytes),
  decide: decideVerdict,
  evidenceOf,
  finish: (result) => result,
  callback: 'while-running',
  links: 'leave',
  looksAtSignal: true,
  looksAtRanges: true,
  workFolder: 'own',
  endsProgramOn: { timeout: true, abort: true, outputLimit: true },
  settlesOnAbort: false,
  children: 'end',
  attempts: 1,
  servesWhenClosed: false,
  limitsOpenFiles: true,
  streams: HONEST_STREAMS,
  keeping: HONEST_KEEPING,
  contexts: HONEST_CONTEXTS,
  tellCapabilities: (capabilities) => capabilities,
  reportHealth: (report) => report,
};
