import { untilAborted } from '@sandport/conformance';
import { SandboxError } from '@sandport/core';
import { remedyFor } from './finding-remedies.ts';
import { plainOutput, plainText } from './plain-text.ts';
import type { CheckedOptions } from './preparation-options.ts';
import type { PreparationStep } from './preparation-progress.ts';
import { rounded } from './rounded-duration.ts';
import type { SecretScrubber } from './secret-scrubber.ts';
import type { RawFinding } from './trial-finding.ts';

/** One preparation while it is under way: where it is, and what may end it early. */
export class Trial implements Disposable {
  readonly #controller = new AbortController();
  readonly #options: CheckedOptions;
  readonly #scrubber: SecretScrubber;
  readonly #timer: NodeJS.Timeout;
  readonly #withdraw = () => this.#controller.abort(this.#options.signal?.reason);
  #step: PreparationStep = 'create';
  #part = '';
  #done = 0;
  #total = 1;
  #isLate = false;
  #hasFailure = false;
  #listenerFailure: { readonly error: unknown } | undefined;

  constructor(options: CheckedOptions, scrubber: SecretScrubber) {
    this.#options = options;
    this.#scrubber = scrubber;
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#controller.abort(new SandboxError('DEADLINE_EXCEEDED', 'The trial did not end in time.'));
    }, options.deadlineMs);
    options.signal?.addEventListener('abort', this.#withdraw, { once: true });
    if (options.signal?.aborted === true) this.#withdraw();
  }

  /** Fires when nothing more is to be tried. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was ended early. What fails from then on says nothing about the provider. */
  get isOver(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Where it is. */
  get step(): PreparationStep {
    return this.#step;
  }

  /** Whether a finding was told that failed. */
  get hasFailure(): boolean {
    return this.#hasFailure;
  }

  /** What is to be said of a deadline that passed. */
  get latenessProblem(): string | undefined {
    if (!this.#isLate) return undefined;
    const part = this.#part === '' ? '' : ` (${this.#part})`;
    return `The trial did not end within ${this.#options.deadlineMs / 1000} s: it came as far as the step "${this.#step}"${part}.`;
  }

  /** Begins a step of so many parts. */
  begin(step: PreparationStep, total: number, message: string): void {
    this.#step = step;
    this.#part = '';
    this.#done = 0;
    this.#total = total;
    this.#tell(message);
  }

  /** Begins a part of the step, which is named when the time runs out in it. */
  beginPart(name: string): void {
    this.#part = name;
  }

  /** Says what came of a part. */
  endPart(message: string): void {
    this.#part = '';
    this.#done += 1;
    this.#tell(message);
  }

  /** Tells a finding, freed of secrets and bounded. */
  find({ output = '', remedy, ...finding }: RawFinding): void {
    const { kind, id, title, outcome, message, durationMs } = finding;
    const isToBeMended = outcome === 'failed' || outcome === 'warning';
    this.#hasFailure ||= outcome === 'failed';
    const text = (given: string) => plainText(given, this.#scrubber);
    this.#call(this.#options.onFinding, {
      kind,
      id: text(id),
      title: text(title),
      outcome,
      message: text(message),
      durationMs: rounded(durationMs),
      ...(output === '' ? {} : { output: plainOutput(output, this.#scrubber) }),
      ...(isToBeMended ? { remedy: text(remedy ?? remedyFor(finding)) } : {}),
    });
  }

  /** The outcome of work, or at once the reason why nothing more is tried. Work that goes on after that settles unseen. */
  wait<Result>(work: Promise<Result>): Promise<Result> {
    return untilAborted(work, this.#controller.signal);
  }

  /**
   * Throws what the caller is to see in the place of a passport.
   *
   * @throws SandboxError `CANCELLED` when the caller's signal fired; what a listener threw.
   */
  throwIfWithdrawn(): void {
    if (this.#listenerFailure !== undefined) throw this.#listenerFailure.error;
    const { signal } = this.#options;
    if (signal?.aborted !== true) return;
    throw new SandboxError('CANCELLED', 'The preparation was withdrawn.', {
      providerId: this.#options.definition.id,
      operation: 'prepareProvider',
      suggestion: 'Prepare again when a passport is wanted; nothing was written down.',
      cause: signal.reason,
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#withdraw);
  }

  #tell(message: string): void {
    const text = plainText(message, this.#scrubber);
    this.#call(this.#options.onProgress, { step: this.#step, done: this.#done, total: this.#total, message: text });
  }

  /** A listener that failed once is not called again, and neither is the other. */
  #call<Told>(listener: (told: Told) => void, told: Told): void {
    if (this.#listenerFailure !== undefined) return;
    try {
      listener(told);
    } catch (error) {
      this.#listenerFailure = { error };
      this.#controller.abort(error);
    }
  }
}
