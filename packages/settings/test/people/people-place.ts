import { createHash } from 'node:crypto';
import { openSettings, type AccountRecord, type AuditEntry, type PeopleStore, type SettingsOptions } from '../../src/index.ts';
import type { TestDatabase } from '../databases.ts';

/** Something that has a digest. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** An empty database, and people at it. */
export class PeoplePlace {
  readonly location: string;
  readonly people: PeopleStore;
  nowMs = 1_000_000;
  readonly #settings: ReturnType<typeof openSettings>;
  readonly #others: { close(): Promise<void> }[] = [];
  readonly #drop: () => Promise<void>;

  static async make(create: () => Promise<TestDatabase>): Promise<PeoplePlace> {
    const place = new PeoplePlace(await create());
    await place.#settings.migrateUp();
    return place;
  }

  private constructor({ location, drop }: TestDatabase) {
    this.location = location;
    this.#drop = drop;
    this.#settings = openSettings(location, this.#options());
    this.people = this.#settings.people;
  }

  /** The same people as another program sees them. */
  openAnother(): PeopleStore {
    const settings = openSettings(this.location, this.#options());
    this.#others.push(settings);
    return settings.people;
  }

  /** The first account. */
  createFirst(): Promise<AccountRecord> {
    return this.people.createFirstAccount({ name: 'Ada', passwordHash: 'hash-1' });
  }

  /** Another one that can sign in. */
  create(name: string, role: AccountRecord['role']): Promise<AccountRecord> {
    return this.people.createAccount({ name, role, passwordHash: 'hash-2' }, { actor: 'Ada' });
  }

  /** A session that lasts for ten seconds, and for one without being used. */
  async signIn(account: AccountRecord, secret: string): Promise<string> {
    const digest = digestOf(secret);
    const times = { createdAtMs: this.nowMs, endsAtMs: this.nowMs + 10_000, idleEndsAtMs: this.nowMs + 1000 };
    await this.people.createSession({ digest, accountId: account.id, csrfDigest: digestOf(`csrf of ${secret}`), ...times });
    return digest;
  }

  /** What was written down, the oldest first. */
  async audit(): Promise<readonly AuditEntry[]> {
    return (await this.#settings.configurations.audit()).toReversed();
  }

  /** What was written down, in short. */
  async acts(): Promise<readonly string[]> {
    return (await this.audit()).map(({ actor, action }) => `${actor}: ${action}`);
  }

  async remove(): Promise<void> {
    for (const each of [...this.#others, this.#settings]) await each.close();
    await this.#drop();
  }

  #options(): SettingsOptions {
    return { environment: {}, now: () => this.nowMs };
  }
}
