/** One row of stored configuration. */
export interface Setting {
  /** Exact name, at most 128 characters; the primary key. */
  readonly name: string;
  /** Who wrote it, for example `cli` or `admin`. */
  readonly source: string;
  /** How the value is to be read: `string` or `json`. */
  readonly dataType: string;
  /** The text itself, without a length limit. */
  readonly value: string;
}

/**
 * The port through which configuration is read and written. Look-ups are by exact name. All writes of one call are one
 * transaction: either every row is stored or none.
 *
 * An implementer throws `SandboxError` `PROVIDER_UNAVAILABLE` when the database cannot be reached, and never answers
 * `undefined` for a row that could not be read.
 */
export interface SettingsStore {
  /** The rows that exist among these names, in one consistent read. Missing names are simply absent from the map. */
  read(names: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<ReadonlyMap<string, Setting>>;
  /** Creates or replaces these rows in one transaction. */
  write(settings: readonly Setting[], options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Frees connections and files. Idempotent. */
  close(): Promise<void>;
}

/** Longest name of a setting, as the column has it. */
export const SETTING_NAME_MAX_LENGTH = 128;

/** The row that names the provider in use; its value is a provider id. */
export const PROVIDER_TYPE_SETTING = 'sandbox.provider_type';

/** The row that holds one provider's configuration as a JSON object. */
export function providerConfigSetting(providerId: string): string {
  return `sandbox.${providerId}`;
}
