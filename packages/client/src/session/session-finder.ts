import { REQUEST_LIMITS, SandboxError, type CallOptions, type Sandbox, type SessionRecord, type SessionStore } from '@sandport/core';
import { callStore } from '../idempotency/call-store.ts';
import { leftBehind, notOfSession, outpaced, recordLeft } from './session-errors.ts';
import type { CreatedSandbox, SandboxOrigin, SessionHost, SessionIdentity } from './session-host.ts';

const HOUR_MS = 3_600_000;

/** How long a sandbox without a lifetime of its own is remembered, before the hour that is added. */
const UNLIMITED_LIFETIME_MS = 24 * HOUR_MS;

/** Longest wait for one answer of the store. */
const STORE_TIMEOUT_MS = 5000;

/** How often others may be first, before the call gives up. */
const MAX_RACES = 5;

/** The sandbox that a session has. */
export interface HeldSandbox {
  readonly sandbox: Sandbox;
  readonly providerId: string;
  readonly configDigest: string;
  readonly origin: SandboxOrigin;
  readonly executesOnce: boolean;
  /** Revision of its record; `undefined` when it is known to this process only. */
  revision: number | undefined;
}

/** Finds the sandbox of a session, wherever it was made, or makes one that others find. */
export class SessionFinder {
  readonly #host: SessionHost;
  readonly #identity: SessionIdentity;

  constructor(host: SessionHost, identity: SessionIdentity) {
    this.#host = host;
    this.#identity = identity;
  }

  /**
   * The recorded sandbox, or a new one in its place. Of two processes that make one at the same moment, one gives up its own and takes the other's.
   *
   * @throws SandboxError `REQUEST_INVALID` when the session has a sandbox of another language; `SETTINGS_UNAVAILABLE`; and what the host throws.
   */
  async obtain(call: CallOptions): Promise<HeldSandbox> {
    const store = await this.#host.sessions(call);
    if (store === undefined) return heldOf(await this.#create(false, call), undefined);
    for (let race = 0; race < MAX_RACES; race += 1) {
      let record: SessionRecord | undefined;
      try {
        record = await this.#findRecord(store, call);
      } catch (error) {
        if (!isStoreAway(error) || (await this.#host.mayReconnect(call))) throw error;
        return heldOf(await this.#create(false, call), undefined);
      }
      this.#checkLanguage(record);
      const found = record === undefined ? undefined : await this.#connect(record, call);
      if (found !== undefined) return found;
      const created = await this.#create(true, call);
      const held = await this.#remember(store, record, created, call);
      if (held !== undefined) return held;
    }
    throw outpaced();
  }

  /** Puts off the moment at which the record of a sandbox is forgotten. */
  async rememberFor(held: HeldSandbox, lifetimeMs: number, call: CallOptions): Promise<void> {
    const store = held.revision === undefined ? undefined : await this.#host.sessions(call);
    if (store === undefined) return;
    const record = await this.#replace(store, held.revision, held, lifetimeMs, call);
    if (record !== undefined) held.revision = record.revision;
  }

  /** Ends the sandbox that the session has and the recorded one, which may be another, and forgets the record. */
  async end(held: HeldSandbox | undefined, call: CallOptions): Promise<void> {
    await held?.sandbox.destroy(call);
    const store = await this.#host.sessions(call);
    if (store === undefined) return;
    const record = await this.#findRecord(store, call);
    if (record === undefined) return;
    // Also when it is the one just ended: to a former holder, whose sandbox somebody else has, nothing happens when he ends it.
    await (await this.#connect(record, call))?.sandbox.destroy(call);
    await this.#removeRecord(store, record, call);
  }

  /** Ends a sandbox that nobody needs, without anybody's signal. It never rejects. */
  async discard(sandbox: Sandbox): Promise<void> {
    try {
      await sandbox.destroy();
    } catch (error) {
      this.#host.warn(leftBehind(sandbox.id, error));
    }
  }

  #create(wantsReconnect: boolean, call: CallOptions): Promise<CreatedSandbox> {
    const { options, tenant } = this.#identity;
    return this.#host.create({ options: { ...options, tenant }, wantsReconnect }, call);
  }

  #checkLanguage(record: SessionRecord | undefined): void {
    if (record === undefined || record.language === this.#identity.options.language) return;
    throw notOfSession('language', `the session has a sandbox of ${record.language}`);
  }

  async #connect(record: SessionRecord, call: CallOptions): Promise<HeldSandbox | undefined> {
    const { providerId, configDigest, sandboxId, revision } = record;
    try {
      const sandbox = await this.#host.connect(providerId, configDigest, sandboxId, call);
      return sandbox && { sandbox, providerId, configDigest, revision, origin: 'reconnected', executesOnce: false };
    } catch (error) {
      if (SandboxError.isInstance(error) && error.code === 'SANDBOX_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** `undefined` when somebody else was first; then the new sandbox is gone again. */
  async #remember(
    store: SessionStore,
    former: SessionRecord | undefined,
    created: CreatedSandbox,
    call: CallOptions,
  ): Promise<HeldSandbox | undefined> {
    if (!created.canReconnect) {
      if (former !== undefined) await this.#forget(store, former);
      return heldOf(created, undefined);
    }
    let record: SessionRecord | undefined;
    try {
      record = await this.#replace(store, former?.revision, created, this.#identity.options.lifetimeMs, call);
    } catch (error) {
      await this.discard(created.sandbox);
      throw error;
    }
    if (record !== undefined) return heldOf(created, record.revision);
    await this.discard(created.sandbox);
    return undefined;
  }

  /** A record of a sandbox that the session has left. */
  async #forget(store: SessionStore, former: SessionRecord): Promise<void> {
    try {
      await this.#removeRecord(store, former, {});
    } catch (error) {
      this.#host.warn(recordLeft(error));
    }
  }

  #findRecord(store: SessionStore, { signal }: CallOptions): Promise<SessionRecord | undefined> {
    return callStore({ operation: 'findSession', signal, timeoutMs: STORE_TIMEOUT_MS }, (inner) =>
      store.find(this.#identity.keyDigest, { signal: inner }),
    );
  }

  #removeRecord(store: SessionStore, { revision }: SessionRecord, { signal }: CallOptions): Promise<boolean> {
    return callStore({ operation: 'forgetSession', signal, timeoutMs: STORE_TIMEOUT_MS }, (inner) =>
      store.remove(this.#identity.keyDigest, revision, { signal: inner }),
    );
  }

  #replace(
    store: SessionStore,
    expected: number | undefined,
    { sandbox, providerId, configDigest }: Pick<HeldSandbox, 'sandbox' | 'providerId' | 'configDigest'>,
    lifetimeMs: number | undefined,
    { signal }: CallOptions,
  ): Promise<SessionRecord | undefined> {
    const rememberMs = rememberTimeOf(sandbox, lifetimeMs);
    const record = { providerId, configDigest, sandboxId: sandbox.id, language: sandbox.language, rememberMs };
    return callStore({ operation: 'rememberSession', signal, timeoutMs: STORE_TIMEOUT_MS }, (inner) =>
      store.replace(this.#identity.keyDigest, expected, record, { signal: inner }),
    );
  }
}

function heldOf({ sandbox, providerId, configDigest, executesOnce = false }: CreatedSandbox, revision: number | undefined): HeldSandbox {
  return { sandbox, providerId, configDigest, executesOnce, revision, origin: 'created' };
}

function isStoreAway(error: unknown): boolean {
  return SandboxError.isInstance(error) && error.code === 'SETTINGS_UNAVAILABLE';
}

/** As long as the sandbox may live, and an hour, so that a record never goes before its sandbox. */
function rememberTimeOf({ expiresAtMs }: Sandbox, lifetimeMs: number | undefined): number {
  const remainingMs = expiresAtMs === null ? UNLIMITED_LIFETIME_MS : Math.max(0, Math.ceil(expiresAtMs - Date.now()));
  return Math.min(lifetimeMs ?? remainingMs, REQUEST_LIMITS.lifetimeMs) + HOUR_MS;
}
