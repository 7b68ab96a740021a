import type {
  CallOptions,
  CreateSandboxOptions,
  ExecutionRequestInput,
  ExecutionResult,
  Language,
  ProviderCapabilities,
  Sandbox,
  SandboxProvider,
} from '@sandport/core';
import type { CapabilityName } from './capability-name.ts';

/** The areas of the contract, in the order of a report. */
export const CONFORMANCE_AREAS = [
  'lifecycle',
  'requests',
  'arguments',
  'programs',
  'values',
  'input',
  'output',
  'errors',
  'limits',
  'cancellation',
  'files',
  'artifacts',
  'displays',
  'environment',
  'isolation',
  'sandboxes',
  'contexts',
  'lifetimes',
  'reconnection',
  'concurrency',
  'results',
  'health',
] as const;

/** One of {@link CONFORMANCE_AREAS}. */
export type ConformanceArea = (typeof CONFORMANCE_AREAS)[number];

/** A promise of the contract as data that can be listed, chosen and run without a test framework. */
export interface ConformanceCase {
  /** `<area>/<name>`, with `[<language>]` behind it when the case exists once per language. */
  readonly id: string;
  /** The promised behaviour, in a sentence that begins with a verb. */
  readonly title: string;
  readonly area: ConformanceArea;
  /** The languages that the case has a program for; it applies to providers that run one of them. Empty: it runs no program. */
  readonly languages: readonly Language[];
  /** What the provider must declare. Where the contract has a refusal for what it does not declare, that refusal is checked instead. */
  readonly requires: readonly CapabilityName[];
  /** Milliseconds until the case counts as failed. @default 30000 */
  readonly deadlineMs?: number;
  /** Settles when the promise is kept; rejects with a {@link ConformanceFailure} when it is broken. */
  readonly run: (context: ConformanceContext) => Promise<void>;
}

/** How a case creates a sandbox. */
export interface CreateCall extends CallOptions {
  /** A provider of the case. @default the shared provider */
  readonly by?: SandboxProvider | undefined;
}

/** What a case gets to work with. Everything that it makes through the context is ended when the case ends. */
export interface ConformanceContext {
  /** Shared by all cases. A case leaves it usable. */
  readonly provider: SandboxProvider;
  /** What the provider can do, as it said when it was asked. */
  readonly capabilities: ProviderCapabilities;
  /** The language that a case with one program for several languages uses: the first that the provider declares. */
  readonly language: Language;
  /** Fires when the deadline of the case has passed. */
  readonly signal: AbortSignal;
  /** Milliseconds in which the contract lets a call settle after its deadline or its abort. */
  readonly graceMs: number;
  /** Texts that give away the secrets that the caller planted in the provider's configuration. They may appear nowhere. */
  readonly plantedSecrets: readonly string[];
  /** A variable that was planted in the environment of the host process. No program may see it. */
  readonly hostSecret: { readonly name: string; readonly value: string };
  /** A provider of the case's own, for what cannot be tried on the shared one. */
  readonly createProvider: () => Promise<SandboxProvider>;
  /** A sandbox of the shared provider, or of one of the case. */
  readonly createSandbox: (options: CreateSandboxOptions, call?: CreateCall) => Promise<Sandbox>;
  /** Takes over a sandbox, by a provider of the case. */
  readonly connectSandbox: (by: SandboxProvider, id: string, call?: CallOptions) => Promise<Sandbox>;
  /** Creates a sandbox for the request, executes and destroys. The request reaches the provider unchecked. */
  readonly execute: (request: ExecutionRequestInput, call?: CallOptions) => Promise<ExecutionResult>;
}
