import type { PeopleStore } from '@sandport/settings';

/** What is written down of a refused sign-in. */
export interface Refusal {
  /** Name of the account; absent when there is none, since people type their password there by mistake. */
  readonly account?: string | undefined;
  readonly address: string;
  readonly by: 'password' | 'openid';
}

const HOUR_MS = 3_600_000;

/** Entries of the audit stay for ever: strangers must not be able to fill it. */
const MOST_IN_AN_HOUR = 500;

/** Writes refused sign-ins into the audit, as many as make sense. */
export class RefusalRecord {
  readonly #people: Pick<PeopleStore, 'recordAct'>;
  readonly #now: () => number;
  #beganAtMs = 0;
  #written = 0;

  constructor({ people, now }: { readonly people: Pick<PeopleStore, 'recordAct'>; readonly now: () => number }) {
    this.#people = people;
    this.#now = now;
  }

  async write({ account, address, by }: Refusal, signal: AbortSignal): Promise<void> {
    const nowMs = this.#now();
    if (nowMs - this.#beganAtMs >= HOUR_MS) {
      this.#beganAtMs = nowMs;
      this.#written = 0;
    }
    this.#written += 1;
    if (this.#written > MOST_IN_AN_HOUR) return;
    await this.#people.recordAct({ actor: account ?? 'somebody unknown', action: 'sign-in-refused', summary: { by, address } }, { signal });
  }
}
