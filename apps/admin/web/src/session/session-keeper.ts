import type { SessionAnswer } from '@sandport/admin-api';

/** What the page knows of its session. */
export interface SessionState {
  /** `undefined` before the first answer. */
  readonly answer: SessionAnswer | undefined;
  /** Whether the session has ended while its page is open: its owner is asked to sign in over the page. */
  readonly isExpired: boolean;
}

type Waiter = (isSamePerson: boolean) => void;

/** Keeps the session of this page, and those calls that wait for a new one. */
export class SessionKeeper {
  #state: SessionState = { answer: undefined, isExpired: false };
  readonly #listeners = new Set<() => void>();
  readonly #waiters = new Set<Waiter>();

  /** For `useSyncExternalStore`. */
  readonly state = (): SessionState => this.#state;

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get csrfToken(): string | null {
    return this.#state.answer?.csrfToken ?? null;
  }

  /** Takes what the server says of the session. While somebody's session has ended, an answer without an account changes nothing. */
  accept(answer: SessionAnswer): void {
    const former = this.#state.answer?.account ?? null;
    if (this.#state.isExpired && answer.account === null) return;
    this.#change({ answer, isExpired: false });
    if (answer.account !== null) this.#settle(former?.id === answer.account.id);
  }

  /** Takes what the server says of the session, and tells whether it is the same person's with another token. */
  renew(answer: SessionAnswer): boolean {
    const former = this.#state.answer;
    this.accept(answer);
    return answer.account !== null && answer.account.id === former?.account?.id && answer.csrfToken !== former.csrfToken;
  }

  /** The session was ended on purpose: nobody is signed in, and nothing waits. */
  leave(): void {
    const { answer } = this.#state;
    if (answer !== undefined) this.#change({ answer: { ...answer, account: null, csrfToken: null, endsAtMs: null }, isExpired: false });
    this.#settle(false);
  }

  /** Asks for a new session, and settles when there is one: `true` when it is the same person's. Nobody who was never signed in is asked. */
  async signedInAgain(signal: AbortSignal | undefined): Promise<boolean> {
    const { answer } = this.#state;
    if (answer === undefined || answer.account === null) return false;
    signal?.throwIfAborted();
    this.#change({ answer, isExpired: true });
    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        this.#waiters.delete(waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = (isSamePerson) => {
        signal?.removeEventListener('abort', withdraw);
        resolve(isSamePerson);
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', withdraw, { once: true });
    });
  }

  #settle(isSamePerson: boolean): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter(isSamePerson);
  }

  #change(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The session of this page. */
export const sessionKeeper = new SessionKeeper();
