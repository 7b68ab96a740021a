import {
  checkRequestAgainstCapabilities,
  checkSandboxOptions,
  parseExecutionRequest,
  providerConfigSetting,
  SandboxError,
  sandboxOptionsOf,
  type CallOptions,
  type CreateSandboxOptions,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type HealthReport,
  type ProviderDefinition,
  type Sandbox,
  type SandboxProvider,
} from '@sandport/core';
import { providersById } from './provider-list.ts';
import { clientClosed, ProviderSlot } from './provider-slot.ts';
import { SettingsSource, type SettingsInput } from './settings-source.ts';
import { parseConfigText, parseStoredConfig, readStoredProvider, type StoredProvider } from './stored-provider.ts';
import { warningListener, type WarningListener } from './warning-listener.ts';

/** What a client is made of. */
export interface SandboxClientOptions {
  /** Where the configuration is stored. A store stays the caller's to close; one that a function opens is closed by the client. */
  readonly settings: SettingsInput;
  /** The providers that this program carries. The stored configuration chooses one of them. */
  readonly providers: readonly ProviderDefinition[];
  /**
   * Told when a sandbox could not be destroyed or a provider could not be closed: something may be left behind on the far side,
   * while the call keeps its result. @default a warning of the process
   */
  readonly onWarning?: WarningListener | undefined;
}

/** What is stored about the provider in use. */
export interface ProviderInfo {
  readonly id: string;
  readonly displayName: string;
  /** Names of the stored configuration fields, without their values. */
  readonly configKeys: readonly string[];
}

/** Runs code in the sandbox that the stored configuration names. Made by {@link createSandboxClient}. */
export interface SandboxClient extends AsyncDisposable {
  /**
   * Runs one program in a fresh sandbox and says what it did. The stored configuration is read with each call, so that a change
   * of it counts from the next call on.
   *
   * @throws SandboxError
   *   `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` for the request, before anything is started;
   *   `CONFIG_MISSING`, `CONFIG_INVALID`, `PROVIDER_UNKNOWN` for the stored configuration, naming the row;
   *   `CANCELLED` when the signal fired before the program started; `SANDBOX_CLOSED` after `close`;
   *   and what the settings and the provider throw, `PROVIDER_UNAVAILABLE` above all.
   */
  execute(request: ExecutionRequestInput | ExecutionRequest, options?: CallOptions): Promise<ExecutionResult>;

  /**
   * Gives a sandbox to keep, on the provider that the stored configuration names now. A later change of the configuration leaves it alone: its provider is
   * closed when the last sandbox and call of it are over. Destroy it in the end; closing the client ends it too, unless it is reconnectable.
   *
   * @throws SandboxError as `execute` does, with the field of the options.
   */
  createSandbox(options: CreateSandboxOptions, call?: CallOptions): Promise<Sandbox>;

  /**
   * Takes over a sandbox that was made with `reconnectable`, by its id, on the provider that the stored configuration names now. Otherwise as
   * {@link SandboxClient.createSandbox}.
   *
   * @throws SandboxError as `execute` does for the stored configuration; `SANDBOX_NOT_FOUND`, `CAPABILITY_UNSUPPORTED`.
   */
  connectSandbox(id: string, call?: CallOptions): Promise<Sandbox>;

  /** What the provider in use finds when it looks at everything a call needs. Throws for the stored configuration, as `execute` does. */
  checkHealth(options?: CallOptions): Promise<HealthReport>;

  /** Which provider is in use. Its configuration is checked; it is neither created nor asked. Throws as `execute` does. */
  providerInfo(options?: CallOptions): Promise<ProviderInfo>;

  /** Ends the provider and the calls that run, and closes the settings when the client opened them. Idempotent; never rejects. */
  close(): Promise<void>;
}

/**
 * Makes a client. No I/O happens before its first call.
 *
 * @throws SandboxError `REQUEST_INVALID` when `providers` is empty or carries an id twice.
 */
export function createSandboxClient(options: SandboxClientOptions): SandboxClient {
  return new StoredSandboxClient(options);
}

class StoredSandboxClient implements SandboxClient {
  readonly #providers: ReadonlyMap<string, ProviderDefinition>;
  readonly #settings: SettingsSource;
  readonly #warn: WarningListener;
  readonly #slot: ProviderSlot;
  #lastTicket = 0;
  #closing: Promise<void> | undefined;

  constructor(options: SandboxClientOptions) {
    this.#providers = providersById(options.providers);
    this.#settings = new SettingsSource(options.settings);
    this.#warn = warningListener(options.onWarning);
    this.#slot = new ProviderSlot(this.#warn);
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    const request = parseExecutionRequest(input);
    return this.#withProvider(options, (provider) => this.#executeOn(provider, request, options));
  }

  async createSandbox(options: CreateSandboxOptions, call: CallOptions = {}): Promise<Sandbox> {
    const { ticket, stored } = await this.#choose(call);
    return this.#slot.keep(ticket, stored, async (provider) => {
      checkSandboxOptions(provider.id, provider.capabilities, options);
      return provider.createSandbox(options, call);
    });
  }

  async connectSandbox(id: string, call: CallOptions = {}): Promise<Sandbox> {
    const { ticket, stored } = await this.#choose(call);
    return this.#slot.keep(ticket, stored, (provider) => provider.connectSandbox(id, call));
  }

  checkHealth(options: CallOptions = {}): Promise<HealthReport> {
    return this.#withProvider(options, (provider) => provider.checkHealth(options));
  }

  async providerInfo(options: CallOptions = {}): Promise<ProviderInfo> {
    const stored = await this.#read(options);
    parseStoredConfig(stored);
    const { id, displayName } = stored.definition;
    return { id, displayName, configKeys: Object.keys(parseConfigText(providerConfigSetting(id), stored.configText)) };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #withProvider<Value>(options: CallOptions, work: (provider: SandboxProvider) => Promise<Value>): Promise<Value> {
    const { ticket, stored } = await this.#choose(options);
    return this.#slot.use(ticket, stored, work);
  }

  async #choose(options: CallOptions): Promise<{ readonly ticket: number; readonly stored: StoredProvider }> {
    this.#lastTicket += 1;
    const ticket = this.#lastTicket;
    return { ticket, stored: await this.#read(options) };
  }

  async #read({ signal }: CallOptions): Promise<StoredProvider> {
    if (this.#closing !== undefined) throw clientClosed();
    throwIfAborted(signal);
    try {
      const stored = await readStoredProvider(await this.#settings.get(), this.#providers, signal);
      throwIfAborted(signal);
      return stored;
    } catch (error) {
      if (this.#closing !== undefined) throw clientClosed(error);
      if (SandboxError.isInstance(error)) throw error;
      throw unreadable(error);
    }
  }

  async #executeOn(provider: SandboxProvider, request: ExecutionRequest, options: CallOptions): Promise<ExecutionResult> {
    checkRequestAgainstCapabilities(provider.id, provider.capabilities, request);
    const sandbox = await provider.createSandbox(sandboxOptionsOf(request), options);
    try {
      return await sandbox.execute(request, options);
    } finally {
      await this.#destroy(provider, sandbox);
    }
  }

  /** Without the caller's signal: what was created is ended also when the call was withdrawn. */
  async #destroy(provider: SandboxProvider, sandbox: Sandbox): Promise<void> {
    try {
      await sandbox.destroy();
    } catch (error) {
      this.#warn(
        new SandboxError('PROVIDER_UNAVAILABLE', `The sandbox "${sandbox.id}" of "${provider.id}" could not be destroyed.`, {
          providerId: provider.id,
          operation: 'destroySandbox',
          suggestion: 'It may go on running on the far side; look there, and at `sandport doctor`.',
          cause: error,
        }),
      );
    }
  }

  async #close(): Promise<void> {
    await this.#slot.close();
    try {
      await this.#settings.close();
    } catch (error) {
      this.#warn(
        new SandboxError('SETTINGS_UNAVAILABLE', 'The settings store could not be closed.', {
          operation: 'closeSettings',
          suggestion: 'The cause says what it met; nothing of a call is lost.',
          cause: error,
        }),
      );
    }
  }
}

function unreadable(cause: unknown): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', 'The stored configuration cannot be read.', {
    operation: 'readSettings',
    suggestion: 'Check the settings store that was handed to the client; the cause says what it met.',
    cause,
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new SandboxError('CANCELLED', 'The call was withdrawn before the program started.', {
    suggestion: 'Call again with a signal that has not fired.',
    cause: signal.reason,
  });
}
