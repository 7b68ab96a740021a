import { randomBytes } from 'node:crypto';
import type { Language } from '@sandport/core';
import {
  EndedElsewhereError,
  lifetimeFrame,
  retrySafely,
  settleWithin,
  TakenOverError,
  withDeadline,
  type ReapReport,
} from '@sandport/provider-kit';
import { ControlClient, type CreateInput } from '../control/control-client.ts';
import type { ConnectedSandbox } from '../control/control-schemas.ts';
import { DebugControl } from '../control/debug-control.ts';
import { failureReasonOf, isNotFound, PROVIDER_ID, toE2bError } from '../e2b-errors.ts';
import type { E2bProviderConfig } from '../e2b-provider-config.ts';
import { installedSdk, type SdkSource } from '../sdk/e2b-sdk.ts';
import { checkSettings, resolveSettings, type E2bSettings } from '../settings/resolve-settings.ts';
import { openInstance, takeInstance, type E2bInstance, type E2bInstanceOptions, type TakenInstance } from './e2b-instance.ts';
import { guestIdentity, keyMark } from './guest-identity.ts';
import { Lease } from './lease.ts';
import { isWithoutCommands, notFoundError, noWayError } from './opening-errors.ts';
import { reapSandboxes } from './reaper.ts';
import { endAllOf, killSandbox, makeSandboxOnce } from './remote-sandboxes.ts';
import { readMarks, type ReconnectionMarks, type WayName } from './sandbox-marks.ts';
import type { ServiceControl } from './service-control.ts';

/** What sandboxes are told apart by while nobody has them. */
export interface SandboxProfile {
  readonly language: Language;
  readonly isReconnectable: boolean;
}

/** What is needed to work in an account. */
export interface E2bAccountOptions {
  readonly config: E2bProviderConfig;
  /** In place of the package `e2b` that is installed. */
  readonly sdk?: SdkSource | undefined;
}

/** How long `close` waits for the look at abandoned sandboxes that it broke off. */
const REAP_END_MS = 5000;
/** How long it looks at its end for what it may have left. */
const LAST_LOOK_MS = 10_000;

/** Everything of one account that is used here: sandboxes, and what was left behind of them. Made without I/O. */
export class E2bAccount {
  readonly settings: E2bSettings;
  readonly control: ServiceControl;
  readonly #config: E2bProviderConfig;
  readonly #sdk: SdkSource;
  readonly #closing = new AbortController();
  /** Sandboxes that could not be ended. */
  readonly #leftBehind = new Set<string>();
  /** What tells our sandboxes from those of others, also of others in this process. */
  readonly #maker = randomBytes(12).toString('hex');
  #hasMade = false;
  /** Marks of attempts that may have made a sandbox of which nobody was told. */
  readonly #unclear = new Set<string>();
  #wayName: WayName | undefined;
  #keepsTime: boolean | undefined;
  #reaping: Promise<void> | undefined;

  constructor({ config, sdk = installedSdk }: E2bAccountOptions) {
    this.#config = config;
    this.#sdk = sdk;
    this.settings = resolveSettings(config);
    this.control = this.settings.debug ? new DebugControl() : new ControlClient(this.settings, sdk);
    this.#wayName = config.way === 'auto' ? undefined : config.way;
  }

  /** Sandboxes of ours that could not be ended. */
  get leftBehind(): readonly string[] {
    return [...this.#leftBehind];
  }

  /** Which way into sandboxes has worked; nothing before one has. */
  get wayName(): WayName | undefined {
    return this.#wayName;
  }

  /** Whether the service lets the end of a sandbox be put off; `true` until it was seen not to. */
  get keepsTime(): boolean {
    return this.#keepsTime !== false;
  }

  /** Makes sure of what every sandbox needs, and begins to look for those that dead processes left. */
  prepare(): void {
    checkSettings(this.settings, this.#config);
    this.#reaping ??= this.#reap();
  }

  /** Makes a sandbox with our supervisor in it. What was made is ended when a later step fails. */
  async open(profile: SandboxProfile, signal: AbortSignal): Promise<E2bInstance> {
    try {
      return await this.#openBy(profile, this.#wayName ?? 'commands', signal);
    } catch (error) {
      const known = toE2bError(error, 'create sandbox');
      if (this.#wayName !== undefined || !isWithoutCommands(known, error)) throw known;
      try {
        return await this.#openBy(profile, 'code-interpreter', signal);
      } catch (second) {
        throw failureReasonOf(second) === 'no-interpreter' ? noWayError(known) : toE2bError(second, 'create sandbox');
      }
    }
  }

  /**
   * Takes over a sandbox that this process or another has made for it.
   *
   * @throws SandboxError `SANDBOX_NOT_FOUND`, and as `open`.
   */
  async take(sandboxId: string, signal: AbortSignal | undefined): Promise<TakenInstance> {
    const { control, settings } = this;
    try {
      return await withDeadline(
        { timeoutMs: TAKE_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'connect to sandbox' },
        async (own) => {
          if (!SANDBOX_ID.test(sandboxId)) throw notFoundError(sandboxId);
          const { metadata } = await retrySafely(() => control.getSandbox(sandboxId, { signal: own }), { signal: own });
          const marks = readMarks(metadata);
          const isOurs = marks?.reconnection !== undefined && marks.reconnection.keyMark === keyMark(settings, marks.tag);
          if (!isOurs) throw notFoundError(sandboxId);
          const { language, way: wayName, endsAtMs } = marks.reconnection;
          const { abandonedAfterMs } = this.#config;
          const sandbox = await retrySafely(() => control.connectSandbox(sandboxId, abandonedAfterMs, { signal: own }), { signal: own });
          const lease = this.#lease(sandbox, endsAtMs);
          const identity = guestIdentity(settings, marks.tag);
          const place = { sandbox, lease, wayName, language, madeAtMs: Date.now(), endsAtMs, identity };
          return takeInstance({ ...place, control, settings, sdk: await this.#sdk(), config: this.#config, signal: own });
        },
      );
    } catch (error) {
      // Its supervisor has ended with its time; what is left is a sandbox without use.
      if (error instanceof EndedElsewhereError) await this.#kill(sandboxId);
      if (error instanceof EndedElsewhereError || isNotFound(error)) throw notFoundError(sandboxId);
      throw toE2bError(error, 'connect to sandbox');
    }
  }

  /** Ends a sandbox. What cannot be ended is remembered, and tried again at the end. */
  async end(instance: E2bInstance): Promise<void> {
    instance.lease.stop();
    // Whoever took it over has it now.
    const isAnothers = instance.outlivesConnection && (this.#closing.signal.aborted || (await isTakenOver(instance)));
    if (this.settings.debug) await dismiss(instance);
    if (isAnothers) return this.letGo(instance);
    drop(instance);
    await this.#kill(instance.id);
  }

  /** Has nothing to do with a sandbox any more, and leaves it to whoever takes it next. */
  async letGo({ lease, connection, way }: E2bInstance): Promise<void> {
    lease.stop();
    connection.close();
    await way.leave();
  }

  /** From now on nothing is waited for but what ends things. */
  beginClose(): void {
    this.#closing.abort(new Error('the provider is being closed'));
  }

  async close(): Promise<void> {
    if (this.#reaping !== undefined) await settleWithin(this.#reaping, REAP_END_MS);
    await Promise.all([...this.#leftBehind].map((sandboxId) => this.#kill(sandboxId)));
    if (this.#hasMade) await Promise.allSettled([endAllOf(this.control, this.#maker, this.#unclear, AbortSignal.timeout(LAST_LOOK_MS))]);
  }

  /** Ends, or only counts, what dead processes left. */
  reap(deletes: boolean, signal?: AbortSignal): Promise<ReapReport> {
    return reapSandboxes(this.control, { signal, deletes });
  }

  async #openBy(profile: SandboxProfile, wayName: WayName, signal: AbortSignal): Promise<E2bInstance> {
    for (;;) {
      const madeAtMs = Date.now();
      this.#hasMade = true;
      const endsAtMs = madeAtMs + this.#config.serviceLifetimeMs;
      const { language, isReconnectable } = profile;
      const reconnectionOf = isReconnectable
        ? (own: string): ReconnectionMarks => ({ language, way: wayName, endsAtMs, keyMark: keyMark(this.settings, own) })
        : undefined;
      const { sandbox, tag } = await makeSandboxOnce(
        this.control,
        { ...this.#createInput(profile), maker: this.#maker, reconnectionOf, unclear: this.#unclear },
        signal,
      );
      const identity = profile.isReconnectable ? guestIdentity(this.settings, tag) : undefined;
      const lease = this.#lease(sandbox, endsAtMs);
      try {
        const place = { sandbox, lease, wayName, language: profile.language, madeAtMs, endsAtMs, identity };
        const instance = await this.#openIn(place, signal);
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
    place: Omit<E2bInstanceOptions, 'control' | 'settings' | 'sdk' | 'config' | 'signal'>,
    signal: AbortSignal,
  ): Promise<E2bInstance | undefined> {
    const { control, settings } = this;
    const { lease } = place;
    const [started, opened] = await Promise.allSettled([
      this.#startLease(lease, signal),
      this.#sdk().then((sdk) => openInstance({ ...place, control, settings, sdk, config: this.#config, signal })),
    ]);
    if (opened.status === 'fulfilled' && started.status === 'fulfilled' && started.value) return opened.value;
    lease.stop();
    if (opened.status === 'fulfilled') drop(opened.value);
    if (started.status === 'rejected') throw started.reason;
    if (opened.status === 'rejected') throw opened.reason;
    return undefined;
  }

  /** With the first sandbox it is found out whether the service can put an end off. */
  async #startLease(lease: Lease, signal: AbortSignal): Promise<boolean> {
    if (this.#keepsTime === undefined) return (this.#keepsTime = await lease.tryToStart(signal));
    if (this.#keepsTime) lease.start();
    return true;
  }

  #lease({ sandboxID }: ConnectedSandbox, endsAtMs: number): Lease {
    const { abandonedAfterMs } = this.#config;
    return new Lease({ control: this.control, sandboxId: sandboxID, abandonedAfterMs, endsAtMs });
  }

  #createInput({ isReconnectable }: SandboxProfile): CreateInput {
    const { allowInternetAccess, allowOut, denyOut, metadata, secure, whenIdle, abandonedAfterMs, serviceLifetimeMs } = this.#config;
    const network = {
      ...(allowOut.length === 0 ? {} : { allowOut }),
      ...(denyOut.length === 0 ? {} : { denyOut }),
    };
    return {
      templateId: this.settings.template,
      timeoutMs: this.#keepsTime === false ? serviceLifetimeMs : abandonedAfterMs,
      metadata,
      allowInternetAccess,
      network: Object.keys(network).length === 0 ? undefined : network,
      autoPause: isReconnectable && whenIdle === 'pause',
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
    await Promise.allSettled([this.reap(true, this.#closing.signal)]);
  }
}

/** Longest look at a sandbox that is to be ended. */
const TOUCH_TIMEOUT_MS = 5000;
const TAKE_TIMEOUT_MS = 60_000;

/** Ids as the service gives them; nothing else is asked of it. */
const SANDBOX_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** Tells the supervisor of a sandbox that does not end to go, and waits until it has heard. */
async function dismiss({ connection, tunnel }: E2bInstance): Promise<void> {
  connection.send([lifetimeFrame(0, 0)]);
  await Promise.allSettled([tunnel.touch(AbortSignal.timeout(TOUCH_TIMEOUT_MS))]);
}

/** Closes everything on this side; the sandbox is ended next. */
function drop({ lease, connection, way }: E2bInstance): void {
  lease.stop();
  connection.close();
  way.close();
}

/** Only asked where it matters: it costs a round trip. */
async function isTakenOver({ connection, tunnel }: E2bInstance): Promise<boolean> {
  if (connection.end !== undefined) return connection.end.isTakenOver;
  const [touched] = await Promise.allSettled([tunnel.touch(AbortSignal.timeout(TOUCH_TIMEOUT_MS))]);
  return touched.status === 'rejected' && touched.reason instanceof TakenOverError;
}
