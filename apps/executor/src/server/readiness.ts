import { SandboxError, type HealthCheck, type HealthReport, type SandboxProvider } from '@sandport/core';

/** Whether programs can be run now, and what was found. */
export interface ReadinessReport {
  readonly status: 'ready' | 'not-ready';
  readonly checks: readonly HealthCheck[];
  /** ISO 8601 time of the last look; `null` before the first. */
  readonly checkedAt: string | null;
}

/** What {@link Readiness} goes by. */
export interface ReadinessOptions {
  readonly provider: SandboxProvider;
  readonly intervalMs: number;
  readonly onChange: (report: ReadinessReport) => void;
}

/**
 * Tries by itself, over and over, whether programs can really be run: often while they cannot, at the configured interval while they can. Whoever asks gets the last finding, so that asking costs
 * nothing.
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  readonly #stop = new AbortController();
  #report: HealthReport | undefined;
  #failure: SandboxError | undefined;
  #isStopping = false;
  #wasReady = false;
  #loop: Promise<void> | undefined;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop ??= this.#look();
  }

  /** From now on it is not ready. */
  beginStop(): void {
    this.#isStopping = true;
    this.#tell();
  }

  async close(): Promise<void> {
    this.beginStop();
    this.#stop.abort();
    await this.#loop;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  get isReady(): boolean {
    return !this.#isStopping && this.#report !== undefined && this.#report.status !== 'unhealthy';
  }

  report(): ReadinessReport {
    return { status: this.isReady ? 'ready' : 'not-ready', checks: this.#checks(), checkedAt: this.#report?.checkedAt ?? null };
  }

  #checks(): readonly HealthCheck[] {
    const stopping: HealthCheck = { name: 'executor', status: 'failed', message: 'It is being stopped.', remedy: 'Use another one.' };
    const failed: HealthCheck = {
      name: 'provider',
      status: 'failed',
      message: this.#failure?.message ?? 'Nothing was tried yet.',
      remedy: this.#failure?.suggestion ?? 'Wait.',
    };
    return [...(this.#isStopping ? [stopping] : []), ...(this.#report?.checks ?? [failed])];
  }

  async #look(): Promise<void> {
    const { provider, intervalMs } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        this.#report = await provider.checkHealth({ signal });
      } catch (error) {
        if (signal.aborted) return;
        this.#report = undefined;
        this.#failure = SandboxError.isInstance(error)
          ? error
          : new SandboxError('INTERNAL', 'The look at the provider failed.', { cause: error });
      }
      this.#tell();
      await pause(this.isReady ? intervalMs : RETRY_INTERVAL_MS, signal);
    }
  }

  #tell(): void {
    if (this.isReady === this.#wasReady) return;
    this.#wasReady = this.isReady;
    this.#options.onChange(this.report());
  }
}

const RETRY_INTERVAL_MS = 500;

/** Resolves after this time, or when the signal fires. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(over, durationMs).unref();
    signal.addEventListener('abort', over, { once: true });
    function over(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    }
  });
}
