import { isDeepStrictEqual } from 'node:util';
import type { CallOptions, Clock } from '@sandport/core';
import { callerKeyDigest, checkCallerKey } from '../idempotency/caller-key.ts';
import { SandboxSession } from './sandbox-session.ts';
import { notOfSession, sessionClosed } from './session-errors.ts';
import type { SessionHost, SessionSandboxEvent, SessionSandboxOptions } from './session-host.ts';
import { SharedSession } from './shared-session.ts';

/** What a caller says of a session. */
export interface OpenSessionOptions extends SessionSandboxOptions {
  /** Whose session it is: another tenant's same key is another session. @default 'default' */
  readonly tenant?: string | undefined;
  /** Told when the session has got a sandbox: at first, and when the former one is gone. */
  readonly onSandbox?: ((event: SessionSandboxEvent) => void) | undefined;
}

interface Entry {
  readonly shared: SharedSession;
  /** How many have asked for it and are not done. */
  holders: number;
}

/** The sessions of one client. Whoever asks for a key that somebody here has already gets the same session, so that nobody takes a sandbox from his neighbour. */
export class SessionRegistry {
  readonly #host: SessionHost;
  readonly #now: Clock | undefined;
  readonly #open = new Map<string, Entry>();
  /** What is still to be done for sessions that nobody has any more, by key. */
  readonly #ending = new Map<string, Promise<void>>();
  #isClosed = false;

  /** @param now @default the monotonic clock of this process */
  constructor(host: SessionHost, now?: Clock) {
    this.#host = host;
    this.#now = now;
  }

  /**
   * Opens the session of a key. No I/O happens before its first call.
   *
   * @throws SandboxError `REQUEST_INVALID` for the key (1 to 255 characters, well-formed Unicode), and for an option that differs from that of others who have the
   *   session; `SANDBOX_CLOSED` after `close`.
   */
  open(key: string, { tenant = 'default', onSandbox, ...options }: OpenSessionOptions): SandboxSession {
    if (this.#isClosed) throw sessionClosed('session');
    checkCallerKey('key', key);
    const keyDigest = callerKeyDigest(tenant, key);
    const entry = this.#open.get(keyDigest) ?? this.#add(tenant, keyDigest, options);
    checkSame(entry.shared.identity.options, options);
    entry.holders += 1;
    const forget = onSandbox === undefined ? undefined : entry.shared.listen(onSandbox);
    let ending: Promise<void> | undefined;
    const leave = (): Promise<void> => {
      forget?.();
      ending ??= this.#leave(keyDigest, entry);
      return ending;
    };
    return new SandboxSession({
      key,
      shared: entry.shared,
      prepare: this.#host.prepare,
      onClose: leave,
      onDestroy: async (call) => {
        forget?.();
        await this.#destroy(keyDigest, entry, call);
      },
    });
  }

  /** Lets go of every session, when the calls that run are over, and opens no more. Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const [keyDigest, { shared }] of this.#open) void this.#end(keyDigest, shared, shared.close());
    await Promise.all(this.#ending.values());
  }

  #add(tenant: string, keyDigest: string, options: SessionSandboxOptions): Entry {
    const shared = new SharedSession({
      host: this.#host,
      identity: { tenant, keyDigest, options },
      after: this.#ending.get(keyDigest),
      now: this.#now,
    });
    const entry = { shared, holders: 0 };
    this.#open.set(keyDigest, entry);
    return entry;
  }

  async #leave(keyDigest: string, entry: Entry): Promise<void> {
    entry.holders -= 1;
    if (entry.holders > 0) return;
    await this.#end(keyDigest, entry.shared, entry.shared.close());
  }

  async #destroy(keyDigest: string, { shared }: Entry, call: CallOptions): Promise<void> {
    const destroying = shared.destroy(call);
    // Whoever asks for the key from now on gets another session, which begins when this one is gone.
    const ended = Promise.allSettled([destroying]).then(() => shared.close());
    void this.#end(keyDigest, shared, ended);
    await destroying;
  }

  /** Takes a session out, and keeps in mind what is still to be done for it. */
  #end(keyDigest: string, shared: SharedSession, ended: Promise<void>): Promise<void> {
    if (this.#open.get(keyDigest)?.shared === shared) this.#open.delete(keyDigest);
    const before = this.#ending.get(keyDigest) ?? Promise.resolve();
    const ending = Promise.all([before, ended]).then(() => {
      if (this.#ending.get(keyDigest) === ending) this.#ending.delete(keyDigest);
    });
    this.#ending.set(keyDigest, ending);
    return ending;
  }
}

/** Options are those of the sandbox that everybody shares. */
function checkSame(agreed: SessionSandboxOptions, asked: SessionSandboxOptions): void {
  const names = [...new Set([...Object.keys(agreed), ...Object.keys(asked)])];
  const other = names.find((name) => !isDeepStrictEqual(Reflect.get(agreed, name), Reflect.get(asked, name)));
  if (other !== undefined) throw notOfSession(other, 'differs from what others in this program have asked for with the same key');
}
