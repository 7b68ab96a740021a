import type { Language, SandboxError } from '@sandport/core';
import { settleWithin } from '@sandport/provider-kit';
import { ControlClient, type CreateInput } from '../control/control-client.ts';
import type { ConnectedSandbox } from '../control/control-schemas.ts';
import { failureReasonOf, toE2bError } from '../e2b-errors.ts';
import type { E2bProviderConfig } from '../e2b-provider-config.ts';
import { E2bFailure } from '../http/e2b-failure.ts';
import { installedSdk, type SdkSource } from '../sdk/e2b-sdk.ts';
import { checkSettings, resolveSettings, type E2bSettings } from '../settings/resolve-settings.ts';
import { openInstance, type E2bInstance, type WayName } from './e2b-instance.ts';
import { Lease } from './lease.ts';
import { reapSandboxes, type ReapReport } from './reaper.ts';
import { endByTag, killSandbox, makeSandboxOnce } from './remote-sandboxes.ts';

/** What is needed to work in an account. */
export interface E2bAccountOptions {
  readonly config: E2bProviderConfig;
  /** In place of the package `e2b` that is installed. */
  readonly sdk?: SdkSource | undefined;
}

/** How long `close` waits for the look at abandoned sandboxes that it broke off. */
const REAP_END_MS = 5000;

/** Everything of one account that is used here: sandboxes, and what was left behind of them. Made without I/O. */
export class E2bAccount {
  readonly settings: E2bSettings;
  readonly control: ControlClient;
  readonly #config: E2bProviderConfig;
  readonly #sdk: SdkSource;
  readonly #closing = new AbortController();
  /** Sandboxes that could not be ended. */
  readonly #leftBehind = new Set<string>();
  /** Marks of attempts that may have made a sandbox of which nobody was told. */
  readonly #unclear = new Set<string>();
  #wayName: WayName | undefined;
  #keepsTime = true;
  #reaping: Promise<void> | undefined;
  #lastReap: ReapReport | undefined;

  constructor({ config, sdk = installedSdk }: E2bAccountOptions) {
    this.#config = config;
    this.#sdk = sdk;
    this.settings = resolveSettings(config);
    this.control = new ControlClient(this.settings, sdk);
    this.#wayName = config.way === 'auto' ? undefined : config.way;
  }

  /** Sandboxes of ours that could not be ended. */
  get leftBehind(): readonly string[] {
    return [...this.#leftBehind];
  }

  /** What the last look for abandoned sandboxes found. */
  get lastReap(): ReapReport | undefined {
    return this.#lastReap;
  }

  /** Which way into sandboxes has worked; nothing before one has. */
  get wayName(): WayName | undefined {
    return this.#wayName;
  }

  /** Whether the service lets the end of a sandbox be put off; `true` until it was seen not to. */
  get keepsTime(): boolean {
    return this.#keepsTime;
  }

  /** Makes sure of what every sandbox needs, and begins to look for those that dead processes left. */
  prepare(): void {
    checkSettings(this.settings);
    this.#reaping ??= this.#reap();
  }

  /** Makes a sandbox with our supervisor in it. What was made is ended when a later step fails. */
  async open(language: Language, signal: AbortSignal): Promise<E2bInstance> {
    try {
      return await this.#openBy(language, this.#wayName ?? 'commands', signal);
    } catch (error) {
      const known = toE2bError(error, 'create sandbox');
      if (this.#wayName !== undefined || !isWithoutCommands(known, error)) throw known;
      try {
        return await this.#openBy(language, 'code-interpreter', signal);
      } catch (second) {
        throw failureReasonOf(second) === 'no-interpreter' ? known : toE2bError(second, 'create sandbox');
      }
    }
  }

  /** Ends a sandbox. What cannot be ended is remembered, and tried again at the end. */
  async end(instance: E2bInstance): Promise<void> {
    instance.lease.stop();
    instance.connection.close();
    instance.way.close();
    await this.#kill(instance.id);
  }

  /** From now on nothing is waited for but what ends things. */
  beginClose(): void {
    this.#closing.abort(new Error('the provider is being closed'));
  }

  async close(): Promise<void> {
    if (this.#reaping !== undefined) await settleWithin(this.#reaping, REAP_END_MS);
    await Promise.all([...this.#leftBehind].map((sandboxId) => this.#kill(sandboxId)));
    await Promise.allSettled([...this.#unclear].map((tag) => endByTag(this.control, tag)));
  }

  /** Ends, or only counts, what dead processes left. */
  reap(deletes: boolean, signal?: AbortSignal): Promise<ReapReport> {
    return reapSandboxes(this.control, { signal, deletes });
  }

  async #openBy(language: Language, wayName: WayName, signal: AbortSignal): Promise<E2bInstance> {
    for (;;) {
      const lease = this.#keepsTime ? this.#config.abandonedAfterMs : this.#config.serviceLifetimeMs;
      const madeAtMs = Date.now();
      const sandbox = await makeSandboxOnce(this.control, this.#createInput(lease), this.#unclear, signal);
      try {
        const instance = await this.#openIn(sandbox, language, wayName, madeAtMs, signal);
        if (instance !== undefined) {
          this.#wayName ??= wayName;
          return instance;
        }
        await this.#kill(sandbox.sandboxID);
      } catch (error) {
        await this.#kill(sandbox.sandboxID);
        throw error;
      }
    }
  }

  /** Nothing when the service has turned out not to let its end be put off: another one has to be made, for the whole time at once. */
  async #openIn(
    sandbox: ConnectedSandbox,
    language: Language,
    wayName: WayName,
    madeAtMs: number,
    signal: AbortSignal,
  ): Promise<E2bInstance | undefined> {
    const { control, settings } = this;
    const { abandonedAfterMs, serviceLifetimeMs } = this.#config;
    const endsAtMs = madeAtMs + serviceLifetimeMs;
    const lease = new Lease({ control, sandboxId: sandbox.sandboxID, abandonedAfterMs, endsAtMs });
    const [started, opened] = await Promise.allSettled([
      this.#keepsTime ? lease.start(signal) : true,
      this.#sdk().then((sdk) =>
        openInstance({ control, settings, sdk, config: this.#config, sandbox, wayName, language, lease, madeAtMs, endsAtMs, signal }),
      ),
    ]);
    const isKept = started.status === 'fulfilled' && started.value;
    if (opened.status === 'fulfilled' && isKept) return opened.value;
    lease.stop();
    if (opened.status === 'fulfilled') {
      opened.value.connection.close();
      opened.value.way.close();
    }
    if (started.status === 'rejected') throw started.reason;
    if (opened.status === 'rejected') throw opened.reason;
    this.#keepsTime = false;
    return undefined;
  }

  #createInput(timeoutMs: number): CreateInput {
    const { allowInternetAccess, allowOut, denyOut, metadata, secure } = this.#config;
    const network = {
      ...(allowOut.length === 0 ? {} : { allowOut }),
      ...(denyOut.length === 0 ? {} : { denyOut }),
    };
    return {
      templateId: this.settings.template,
      timeoutMs,
      metadata,
      allowInternetAccess,
      network: Object.keys(network).length === 0 ? undefined : network,
      autoPause: false,
      secure,
    };
  }

  async #kill(sandboxId: string): Promise<void> {
    this.#leftBehind.add(sandboxId);
    const [outcome] = await Promise.allSettled([killSandbox(this.control, sandboxId)]);
    if (outcome.status === 'fulfilled') this.#leftBehind.delete(sandboxId);
  }

  /** Whether it works concerns no call; a look at the provider's health says so. */
  async #reap(): Promise<void> {
    const [outcome] = await Promise.allSettled([this.reap(true, this.#closing.signal)]);
    if (outcome.status === 'fulfilled') this.#lastReap = outcome.value;
  }
}

/** Whether it was commands that failed, so that another way may work. How a service without them says so differs. */
function isWithoutCommands(known: SandboxError, error: unknown): boolean {
  if (failureReasonOf(known) === 'no-python') return true;
  return error instanceof E2bFailure && error.facts.plane === 'envd' && error.facts.status !== 401;
}
