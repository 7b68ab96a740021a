import {
  configDigest,
  parseProviderConfig,
  providerConfigSetting,
  SandboxError,
  type JsonObject,
  type ProviderDefinition,
  type SandboxProvider,
  type SettingsStore,
} from '@sandport/core';
import { callWithdrawn } from '../client-state-errors.ts';
import { secretsUnopened, settingsTooSlow } from './row-errors.ts';
import { parseConfigText } from './row-text.ts';
import { untilAborted, withinDeadline } from './within-deadline.ts';

/** A master key may come from a command. */
const UNSEAL_TIMEOUT_MS = 10_000;

/** Gives a configuration with its secrets in the clear. */
export type Unseal = SettingsStore['unseal'];

/** A provider with the text of its configuration row. Nothing of it is looked at before it is asked for, and then once. */
export class StoredProvider {
  readonly definition: ProviderDefinition;
  readonly #text: string;
  readonly #unseal: Unseal;
  #config: JsonObject | undefined;
  #digest: string | undefined;
  #opening: Promise<OpenedProvider> | undefined;
  #opened: OpenedProvider | undefined;

  constructor(definition: ProviderDefinition, text: string, unseal: Unseal) {
    this.definition = definition;
    this.#text = text;
    this.#unseal = unseal;
  }

  get id(): string {
    return this.definition.id;
  }

  /** `configDigest` of the row: the same as long as the provider need not be made anew. @throws SandboxError `CONFIG_INVALID` */
  get digest(): string {
    this.#digest ??= configDigest(this.#parse());
    return this.#digest;
  }

  /** Whether this is the row's text. */
  isOf(definition: ProviderDefinition, text: string): boolean {
    return this.definition === definition && this.#text === text;
  }

  /**
   * The configuration, opened and checked. What could be opened once is kept; what could not is tried anew with the next call, since a key may come back.
   *
   * @throws SandboxError `CONFIG_INVALID`, `SECRET_UNREADABLE`, `SETTINGS_UNAVAILABLE` naming the row, no value is quoted; `CANCELLED`.
   */
  async open(signal?: AbortSignal): Promise<OpenedProvider> {
    return this.#opened ?? untilAborted(this.#openOnce(), signal, callWithdrawn);
  }

  /** For all who wait, whoever of them withdraws. */
  #openOnce(): Promise<OpenedProvider> {
    if (this.#opening === undefined) {
      const opening = this.#open();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async #open(): Promise<OpenedProvider> {
    const row = providerConfigSetting(this.id);
    const config = await unsealed(row, this.#parse(), this.#unseal);
    this.#opened = new OpenedProvider(this, config, parseStoredConfig(row, this.definition, config));
    return this.#opened;
  }

  #parse(): JsonObject {
    this.#config ??= parseConfigText(providerConfigSetting(this.id), this.#text);
    return this.#config;
  }
}

/** A provider whose configuration was opened and keeps to its schema. What is in it can be handed to the provider and to nobody else. */
export class OpenedProvider {
  readonly id: string;
  readonly digest: string;
  /** Names of the stored fields, those of secrets too. */
  readonly fieldNames: readonly string[];
  readonly #definition: ProviderDefinition;
  readonly #config: unknown;

  constructor(stored: StoredProvider, config: JsonObject, checked: unknown) {
    this.id = stored.id;
    this.digest = stored.digest;
    this.fieldNames = Object.keys(config);
    this.#definition = stored.definition;
    this.#config = checked;
  }

  /** Makes the provider, without I/O. @throws SandboxError of the provider; `INTERNAL` for anything else that it throws. */
  create(): SandboxProvider {
    try {
      return this.#definition.create(this.#config);
    } catch (error) {
      if (SandboxError.isInstance(error)) throw error;
      throw new SandboxError('INTERNAL', `The provider "${this.id}" could not be created.`, {
        providerId: this.id,
        operation: 'createProvider',
        suggestion: 'This is a fault of the provider; report it with its cause.',
        cause: error,
      });
    }
  }
}

async function unsealed(row: string, config: JsonObject, unseal: Unseal): Promise<JsonObject> {
  const onTimeout = () => settingsTooSlow('unsealSecrets', UNSEAL_TIMEOUT_MS);
  try {
    return await withinDeadline({ timeoutMs: UNSEAL_TIMEOUT_MS, onTimeout }, (signal) => unseal(row, config, { signal }));
  } catch (error) {
    if (SandboxError.isInstance(error)) throw error;
    throw secretsUnopened(row, error);
  }
}

function parseStoredConfig(row: string, definition: ProviderDefinition, config: JsonObject): unknown {
  try {
    return parseProviderConfig(definition, config);
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    throw new SandboxError('CONFIG_INVALID', `Row "${row}" of the stored configuration: ${error.message}`, {
      providerId: definition.id,
      operation: 'configure',
      suggestion: `Correct the field with \`sandport config set ${definition.id} KEY=VALUE\`.`,
      details: { ...error.details, row },
      cause: error,
    });
  }
}
