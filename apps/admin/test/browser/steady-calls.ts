import { setTimeout as delay } from 'node:timers/promises';
import { createSandboxClient, type SandboxClient } from '@sandport/client';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { wasmProvider } from '@sandport/provider-wasm';
import { openSqliteSettings, type StoredSettings } from '@sandport/settings';
import { onTestFinished } from 'vitest';

const PAUSE_MS = 50;

/** An agent that calls one time after the other, and never learns what operators do. */
export class SteadyCalls {
  readonly #settings: StoredSettings;
  readonly #client: SandboxClient;
  readonly #stop = new AbortController();
  readonly #problems: string[] = [];
  readonly #providers: string[] = [];
  #working: Promise<void> = Promise.resolve();

  private constructor(settingsFile: string) {
    this.#settings = openSqliteSettings({ path: settingsFile });
    this.#client = createSandboxClient({ settings: this.#settings, providers: [wasmProvider, selfManagedProvider] });
  }

  /** Begins. The agent ends with the test. */
  static begin(settingsFile: string): SteadyCalls {
    const calls = new SteadyCalls(settingsFile);
    calls.#working = calls.#work();
    onTestFinished(async () => void (await calls.end()));
    return calls;
  }

  /** What the last call ran on. */
  get lastProvider(): string | undefined {
    return this.#providers.at(-1);
  }

  /** How many were answered. */
  get count(): number {
    return this.#providers.length;
  }

  /** Ends, and tells what went wrong from the beginning on. Idempotent. */
  async end(): Promise<readonly string[]> {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort();
      await this.#working;
      await this.#client.close();
      await this.#settings.close();
    }
    return this.#problems;
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const number = this.#providers.length;
      try {
        const result = await this.#client.execute({
          language: 'javascript',
          code: 'export const main = ({ n }) => n + 1',
          arguments: { n: number },
        });
        if (result.status !== 'completed' || result.value !== number + 1) this.#problems.push(JSON.stringify(result));
        this.#providers.push(result.providerId);
      } catch (error) {
        this.#problems.push(String(error));
      }
      await delay(PAUSE_MS);
    }
  }
}
