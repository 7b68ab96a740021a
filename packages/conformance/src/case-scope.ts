import { setMaxListeners } from 'node:events';
import {
  parseLanguage,
  SANDBOX_LIMIT_NAMES,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionRequestInput,
  type ExecutionResult,
  type Language,
  type ProviderCapabilities,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import type { ConformanceContext, CreateCall } from './conformance-case.ts';
import { expectSettled } from './expectations.ts';

/** Milliseconds in which everything that a case made must have ended. */
const CLEAN_UP_MS = 20_000;

/** What the contexts of a run have in common. */
export interface SharedFacts {
  readonly provider: SandboxProvider;
  readonly capabilities: ProviderCapabilities;
  readonly createProvider: () => SandboxProvider | Promise<SandboxProvider>;
  readonly graceMs: number;
  readonly plantedSecrets: readonly string[];
  readonly hostSecret: { readonly name: string; readonly value: string };
}

/** The context of one case; it remembers what the case made and ends it. */
export class CaseScope {
  readonly #facts: SharedFacts;
  readonly #controller = new AbortController();
  readonly #providers = new Set<SandboxProvider>();
  readonly #sandboxes = new Set<Sandbox>();
  /** What is still being made. */
  readonly #making = new Set<Promise<unknown>>();

  constructor(facts: SharedFacts) {
    this.#facts = facts;
    // A case may have many calls under way.
    setMaxListeners(0, this.#controller.signal);
  }

  contextFor(language: Language): ConformanceContext {
    const { provider, capabilities, graceMs, plantedSecrets, hostSecret } = this.#facts;
    return {
      provider,
      capabilities,
      language,
      graceMs,
      plantedSecrets,
      hostSecret,
      signal: this.#controller.signal,
      createProvider: () => this.#createProvider(),
      createSandbox: (options, call) => this.#createSandbox(options, call),
      connectSandbox: (by, id, call) => this.#connectSandbox(by, id, call),
      execute: (request, call) => this.#execute(request, call),
    };
  }

  /** Ends everything that the case made, also what it forgot. */
  async end(): Promise<void> {
    this.#controller.abort(new Error('The case is over.'));
    await this.#awaitMade();
    await expectSettled(this.#endAll(), CLEAN_UP_MS, 'ending what the case made');
  }

  /** What comes although it was withdrawn is to be ended, too. A provider that does not settle in time has nothing more to say here. */
  async #awaitMade(): Promise<void> {
    if (this.#making.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#facts.graceMs);
    });
    await Promise.race([Promise.allSettled(this.#making), late]);
    clearTimeout(timer);
  }

  /** Remembers what is made, from the moment at which it is asked for. */
  async #keep<Made>(making: Promise<Made>, among: Set<Made>): Promise<Made> {
    const kept = making.then((made) => {
      among.add(made);
      return made;
    });
    this.#making.add(kept);
    try {
      return await kept;
    } finally {
      this.#making.delete(kept);
    }
  }

  /** The sandboxes first: a provider that is closed lets go of those that others may find, and they would live on. */
  async #endAll(): Promise<void> {
    const sandboxes = [...this.#sandboxes].map((sandbox) => sandbox.destroy());
    this.#sandboxes.clear();
    const outcomes = await Promise.allSettled(sandboxes);
    const providers = [...this.#providers].map((provider) => provider.close());
    this.#providers.clear();
    await Promise.all(providers);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #createProvider(): Promise<SandboxProvider> {
    const { createProvider } = this.#facts;
    return this.#keep((async () => createProvider())(), this.#providers);
  }

  async #createSandbox(options: CreateSandboxOptions, call: CreateCall = {}): Promise<Sandbox> {
    const { provider } = this.#facts;
    return this.#keep((call.by ?? provider).createSandbox(options, { signal: this.#signalWith(call) }), this.#sandboxes);
  }

  async #connectSandbox(by: SandboxProvider, id: string, call: CallOptions = {}): Promise<Sandbox> {
    return this.#keep(by.connectSandbox(id, { signal: this.#signalWith(call) }), this.#sandboxes);
  }

  async #execute(request: ExecutionRequestInput, call: CallOptions = {}): Promise<ExecutionResult> {
    const signal = this.#signalWith(call);
    const sandbox = await this.#createSandbox(sandboxOptionsFor(request), call);
    try {
      return await sandbox.execute(request, { signal });
    } finally {
      await sandbox.destroy();
    }
  }

  #signalWith({ signal }: CallOptions): AbortSignal {
    return signal === undefined ? this.#controller.signal : AbortSignal.any([this.#controller.signal, signal]);
  }
}

/** What of an unchecked request concerns its sandbox. The request itself is checked by the provider, which is what cases look at. */
function sandboxOptionsFor(request: ExecutionRequestInput): CreateSandboxOptions {
  const limits = Object.fromEntries(SANDBOX_LIMIT_NAMES.map((name) => [name, request.limits?.[name]]));
  return {
    language: parseLanguage(request.language ?? 'python'),
    limits,
    network: request.network,
    tenant: request.tenant,
    maxWaitMs: request.maxWaitMs,
  };
}
