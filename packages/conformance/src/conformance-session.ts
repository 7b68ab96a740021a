import { SandboxError, type CallOptions, type ProviderCapabilities, type SandboxProvider } from '@sandport/core';
import { declaresCapability } from './capability-name.ts';
import { CaseScope, type SharedFacts } from './case-scope.ts';
import type { ConformanceArea, ConformanceCase } from './conformance-case.ts';
import { ConformanceFailure, NotApplicable } from './conformance-failure.ts';
import { expectSettled } from './expectations.ts';
import { textsOfSecrets } from './planted-secrets.ts';
import { REFUSALS } from './refusals.ts';
import { untilAborted } from './until-aborted.ts';

const DEFAULT_DEADLINE_MS = 30_000;
const DEFAULT_GRACE_MS = 1000;

/** Milliseconds in which a provider must say what it can do. */
const ASKING_MS = 60_000;

/** What became of a case. */
export interface CaseReport {
  readonly id: string;
  readonly title: string;
  readonly area: ConformanceArea;
  readonly outcome: 'passed' | 'failed' | 'not-applicable';
  /** Why it failed or does not apply; for a case that passed, that its refusal was checked instead. */
  readonly message?: string;
  readonly durationMs: number;
}

/** How a session reaches the provider, and what was planted there. */
export interface ConformanceSessionOptions {
  /** Makes a provider; called once for the session and again by cases that need one of their own. The session closes them all. */
  readonly createProvider: () => SandboxProvider | Promise<SandboxProvider>;
  /** What it said when it was asked what it can do. @default it is asked */
  readonly capabilities?: ProviderCapabilities | undefined;
  /** Secrets in the configuration of that provider, for the cases that look for them. @default [] */
  readonly plantedSecrets?: readonly string[] | undefined;
  /** Milliseconds in which a call must settle after its deadline or its abort. The contract says 1000; raise it on a crowded machine. @default 1000 */
  readonly graceMs?: number | undefined;
}

/** One provider, and the cases that are run against it. */
export class ConformanceSession implements AsyncDisposable {
  readonly #facts: SharedFacts;

  private constructor(facts: SharedFacts) {
    this.#facts = facts;
  }

  /** Plants a variable in the environment of this process, which no program may see, and makes the provider. */
  static async open(options: ConformanceSessionOptions): Promise<ConformanceSession> {
    const { createProvider, plantedSecrets = [], graceMs = DEFAULT_GRACE_MS } = options;
    const token = crypto.randomUUID().replaceAll('-', '');
    const hostSecret = { name: `CONFORMANCE_HOST_${token}`, value: `host-secret-${token}` };
    process.env[hostSecret.name] = hostSecret.value;
    let provider: SandboxProvider | undefined;
    try {
      provider = await createProvider();
      const capabilities = options.capabilities ?? (await askCapabilities(provider));
      const secrets = textsOfSecrets(plantedSecrets);
      return new ConformanceSession({ provider, capabilities, createProvider, graceMs, plantedSecrets: secrets, hostSecret });
    } catch (error) {
      await provider?.close();
      delete process.env[hostSecret.name];
      throw error;
    }
  }

  /**
   * Runs one case. What the case threw is in the report.
   *
   * @param call.signal ends the case before it is over, and what it made
   * @throws the signal's reason, when everything that the case made has ended.
   */
  async run(one: ConformanceCase, { signal }: CallOptions = {}): Promise<CaseReport> {
    signal?.throwIfAborted();
    const startedAt = performance.now();
    const { id, title, area } = one;
    const verdict = await this.#judge(one, signal);
    signal?.throwIfAborted();
    return { id, title, area, ...verdict, durationMs: performance.now() - startedAt };
  }

  /** Closes the provider. */
  async close(): Promise<void> {
    delete process.env[this.#facts.hostSecret.name];
    await this.#facts.provider.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #judge(one: ConformanceCase, signal: AbortSignal | undefined): Promise<Pick<CaseReport, 'outcome' | 'message'>> {
    const { capabilities } = this.#facts;
    const language = capabilities.languages.find((name) => one.languages.length === 0 || one.languages.includes(name));
    if (language === undefined) return { outcome: 'not-applicable', message: `the provider does not run ${one.languages.join(' or ')}` };
    const missing = one.requires.find((name) => !declaresCapability(capabilities, name));
    const check = missing === undefined ? one.run : REFUSALS[missing];
    if (check === undefined) return { outcome: 'not-applicable', message: `the provider does not declare ${missing}` };
    const scope = new CaseScope(this.#facts);
    try {
      await runToEnd(scope, check(scope.contextFor(language)), one.deadlineMs ?? DEFAULT_DEADLINE_MS, signal);
    } catch (error) {
      if (error instanceof NotApplicable) return { outcome: 'not-applicable', message: error.message };
      return { outcome: 'failed', message: describeError(error) };
    }
    return missing === undefined ? { outcome: 'passed' } : { outcome: 'passed', message: `${missing} is not declared, and it is refused` };
  }
}

/** Without asking, where what it declares is exact. */
async function askCapabilities(provider: SandboxProvider): Promise<ProviderCapabilities> {
  if (provider.askCapabilities === undefined) return provider.capabilities;
  return expectSettled(provider.askCapabilities({ signal: AbortSignal.timeout(ASKING_MS) }), ASKING_MS, 'asking what the provider can do');
}

async function runToEnd(scope: CaseScope, run: Promise<void>, deadlineMs: number, signal: AbortSignal | undefined): Promise<void> {
  const settled = expectSettled(run, deadlineMs, 'the case');
  const [outcome] = await Promise.allSettled([signal === undefined ? settled : untilAborted(settled, signal)]);
  await scope.end();
  if (outcome.status === 'rejected') throw outcome.reason;
}

function describeError(error: unknown): string {
  if (error instanceof ConformanceFailure) return error.message;
  if (SandboxError.isInstance(error)) return `the provider threw ${error.code}: ${error.message}${causeOf(error)}`;
  return error instanceof Error ? (error.stack ?? error.message) : `the case threw ${String(error)}`;
}

function causeOf({ cause }: SandboxError): string {
  return cause instanceof Error ? ` (cause: ${cause.message})` : '';
}
