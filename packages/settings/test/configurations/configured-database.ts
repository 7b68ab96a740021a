import { inspect } from 'node:util';
import { SandboxError, type Passport, type Setting } from '@sandport/core';
import { sql } from 'kysely';
import { expect } from 'vitest';
import {
  generateMasterKey,
  KeyRing,
  openDatabase,
  openSettings,
  type ConfigurationStore,
  type SettingsDatabase,
  type SettingsOptions,
  type StoredSettings,
} from '../../src/index.ts';
import type { TestDatabase } from '../databases.ts';
import { TEST_PROVIDERS } from './test-providers.ts';

/** Every secret of the tests has this in it, so that it can be searched for. */
export const PLANTED = 'planted-7f3a';

const TABLES = [
  'system_settings',
  'sandport_state',
  'sandport_versions',
  'sandport_audit',
  'sandport_passports',
  'sandport_idempotency',
  'sandport_sessions',
  'sandport_accounts',
  'sandport_account_sessions',
  'sandport_invitations',
  'sandport_tokens',
  'sandport_sign_in_failures',
  'sandport_usage',
  'sandport_usage_hours',
] as const;

/** Rows of every table, as text. */
export type Dump = Readonly<Record<(typeof TABLES)[number], string>>;

/** How settings of a test are opened. */
export type OpenOptions = Omit<SettingsOptions, 'keyRing'> & { readonly keyRing?: KeyRing | null };

/** An empty database with an operator at it, whose every answer and error is remembered. */
export class ConfiguredDatabase {
  readonly location: string;
  /** The key that seals. */
  readonly key: string;
  readonly settings: StoredSettings;
  readonly configurations: ConfigurationStore;
  /** Raw access, as another program has it. */
  readonly database: SettingsDatabase;
  readonly #drop: () => Promise<void>;
  readonly #opened: { close(): Promise<void> }[] = [];
  readonly #seen: string[] = [];

  static async make(create: () => Promise<TestDatabase>, options: OpenOptions = {}): Promise<ConfiguredDatabase> {
    const configured = new ConfiguredDatabase(await create(), options);
    await configured.settings.migrateUp();
    return configured;
  }

  private constructor({ location, drop }: TestDatabase, options: OpenOptions) {
    this.location = location;
    this.#drop = drop;
    this.key = generateMasterKey();
    this.database = openDatabase(location);
    this.#opened.push(this.database);
    this.settings = this.openSettings(options);
    this.configurations = this.#watch(this.settings.configurations);
  }

  /** The settings as another process would open them; without a master key where `keyRing` is `null`. */
  openSettings({ keyRing = KeyRing.of([{ key: this.key }]), ...options }: OpenOptions = {}): StoredSettings {
    const keys = keyRing === null ? {} : { keyRing };
    const settings = openSettings(this.location, { providers: TEST_PROVIDERS, environment: {}, ...keys, ...options });
    this.#opened.push(settings);
    return settings;
  }

  /** The configuration as another process would change it. */
  openConfigurations(options: OpenOptions = {}): ConfigurationStore {
    return this.#watch(this.openSettings(options).configurations);
  }

  /** Writes rows as another program does. */
  async writeForeign(rows: Readonly<Record<string, unknown>>): Promise<void> {
    const settings = Object.entries(rows).map(([name, value]): Setting => ({
      name,
      source: 'variable',
      dataType: 'json',
      value: typeof value === 'string' ? value : JSON.stringify(value),
    }));
    await this.settings.write(settings);
  }

  async removeForeign(name: string): Promise<void> {
    await this.database.write({ operation: 'test' }, (transaction) =>
      transaction.deleteFrom('system_settings').where('name', '=', name).execute(),
    );
  }

  /** The rows of the table of settings by name. */
  async rows(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.database.read({ operation: 'test' }, (tables) =>
      tables.selectFrom('system_settings').select(['name', 'value']).execute(),
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  async dump(): Promise<Dump> {
    return this.database.read({ operation: 'test' }, async (tables) => {
      const dump: Record<string, string> = {};
      for (const name of TABLES) dump[name] = JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(tables)).rows);
      return dump as Dump;
    });
  }

  /** Looks for planted secrets in every table, answer and error so far. @param clearTables tables in which another program wrote one. */
  async expectNoSecret(clearTables: readonly (keyof Dump)[] = []): Promise<void> {
    for (const [name, text] of Object.entries(await this.dump())) {
      if (!clearTables.some((table) => table === name)) expect(text, `table ${name}`).not.toContain(PLANTED);
    }
    expect(this.#seen.filter((text) => text.includes(PLANTED))).toEqual([]);
  }

  async remove(): Promise<void> {
    for (const each of this.#opened) await each.close();
    await this.#drop();
  }

  #watch(store: ConfigurationStore): ConfigurationStore {
    const see = (value: unknown): void =>
      void this.#seen.push(
        inspect(value, { depth: 10, showHidden: true, maxArrayLength: null, maxStringLength: null }),
        JSON.stringify(value) ?? '',
      );
    return new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...parameters: unknown[]): Promise<unknown> => {
          try {
            const value: unknown = await Reflect.apply(member, target, parameters);
            // Rows for the client hold their secrets sealed, or as another program wrote them.
            if (name !== 'readVersion') see(value);
            return value;
          } catch (error) {
            see(error);
            throw error;
          }
        };
      },
    });
  }
}

/** What a call was refused with. */
export async function failureOf(promise: Promise<unknown>): Promise<SandboxError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SandboxError.isInstance(error)) throw new Error('a SandboxError was expected', { cause: error });
  return error;
}

/** A passport of a trial that went well. */
export function passportFor(providerId: string, configDigest: string, facts: Partial<Passport> = {}): Passport {
  return {
    formatVersion: 1,
    providerId,
    configDigest,
    madeAtMs: Date.now(),
    durationMs: 10,
    passed: true,
    isolation: { kind: 'gvisor', measuredBy: 'test' },
    languages: ['python'],
    network: ['none'],
    limits: [],
    latency: null,
    cases: [],
    ...facts,
  };
}
