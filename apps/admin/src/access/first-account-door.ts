import type { PeopleStore } from '@sandport/settings';
import type { SettingsCallOptions } from '@sandport/core';
import { isSame } from './csrf-token.ts';
import { makeSecret } from './secret.ts';

/** The way in while there is no account: a secret that only who sees the output of this program knows. There is a new one with each start. */
export class FirstAccountDoor {
  readonly #people: Pick<PeopleStore, 'hasAccounts'>;
  readonly #secret = makeSecret();
  #isClosed = false;

  constructor(people: Pick<PeopleStore, 'hasAccounts'>) {
    this.#people = people;
  }

  /** Whether the first account is still to be made. */
  async isOpen(call: SettingsCallOptions = {}): Promise<boolean> {
    // Once there is an account, there is always one.
    if (!this.#isClosed) this.#isClosed = await this.#people.hasAccounts(call);
    return !this.#isClosed;
  }

  isOpenedBy(secret: string): boolean {
    return isSame(secret, this.#secret);
  }

  /** The link to be printed. */
  linkAt(origin: string): string {
    return `${origin}/admin/first-account#${this.#secret}`;
  }
}
