import type { CallOptions, CreateSandboxOptions, ExecutionRequest, HealthReport, ProviderCapabilities } from '@sandport/core';
import type { SandboxClientOptions } from './client-options.ts';
import type { z } from 'zod';
import type { ClientRequestInput, TypedClientRequestInput } from './client-request.ts';
import type { ClientSandbox } from './kept-sandbox.ts';
import { asStoredOptions } from './one-provider.ts';
import type { RoutedResult } from './routing/call-route.ts';
import type { ConnectOptions } from './routing/call-router.ts';
import type { SandboxSession } from './session/sandbox-session.ts';
import type { OpenSessionOptions } from './session/session-registry.ts';
import { StoredSandboxClient } from './stored-sandbox-client.ts';
import type { ExecutionStream } from './stream/execution-stream.ts';
import type { TypedResult } from './value/typed-value.ts';

/** What is stored about the provider in use. */
export interface ProviderInfo {
  readonly id: string;
  readonly displayName: string;
  /** Names of the stored configuration fields, without their values. */
  readonly configKeys: readonly string[];
  /** Number of the recorded version in use; `null` when none was recorded. */
  readonly configurationVersion: number | null;
}

/**
 * What was found about the provider in use. While the stored configuration cannot be read, a check named `settings` warns of it, and says since when and what is
 * used meanwhile.
 */
export interface ClientHealthReport extends HealthReport {
  /** Number of the recorded version in use; `null` when none was recorded. */
  readonly configurationVersion: number | null;
}

/** What a program did, on which way, and whether this is the outcome of an earlier call. */
export type ClientResult = RoutedResult & {
  /** It is the outcome of an earlier call with the same idempotency key. */
  readonly replayed: boolean;
};

/** Runs code in the sandbox that the stored configuration names. Made by {@link createSandboxClient}. */
export interface SandboxClient extends AsyncDisposable {
  /**
   * Runs one program in a fresh sandbox and says what it did, and on which way. A change of the stored configuration counts for calls that begin a second later or
   * more. Where the configuration lists other providers to fall back on, a call that the chosen one cannot begin goes to the next that may be used.
   *
   * @throws SandboxError
   *   `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` for the request, before anything is started;
   *   `POLICY_VIOLATED` for a request or a configuration that the stored policy does not allow;
   *   `CONFIG_MISSING`, `CONFIG_INVALID`, `SECRET_UNREADABLE`, `PROVIDER_UNKNOWN` for the stored configuration, naming the row;
   *   `SETTINGS_UNAVAILABLE` when it could never be read;
   *   `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENT_CALL_LOST` with an idempotency key;
   *   `CANCELLED` when the signal fired before the program started; `SANDBOX_CLOSED` after `close`;
   *   and what the settings and the provider throw, `PROVIDER_UNAVAILABLE` above all. Where a fall-back is stored, `details.route` has the way.
   */
  execute<Schema extends z.ZodType>(
    request: TypedClientRequestInput<Schema>,
    options?: CallOptions,
  ): Promise<TypedResult<Schema, ClientResult>>;
  execute(request: ClientRequestInput | ExecutionRequest, options?: CallOptions): Promise<ClientResult>;

  /**
   * As {@link SandboxClient.execute}, with the output as events that are read in a loop: `for await (const event of client.stream(request))`. The last event is the
   * result. Leaving the loop withdraws the call.
   */
  stream<Schema extends z.ZodType>(
    request: TypedClientRequestInput<Schema>,
    options?: CallOptions,
  ): ExecutionStream<TypedResult<Schema, ClientResult>>;
  stream(request: ClientRequestInput, options?: CallOptions): ExecutionStream<ClientResult>;

  /**
   * The sandbox of a key, for example of a conversation: found again where it was left, also by another process where provider and settings can do that, or made anew.
   * Nothing happens before its first call.
   *
   * @throws SandboxError `REQUEST_INVALID` for the key and the options; `SANDBOX_CLOSED` after `close`.
   */
  session(key: string, options: OpenSessionOptions): SandboxSession;

  /**
   * Gives a sandbox to keep, on a provider that is chosen as for `execute`. A later change of the configuration leaves it alone: its provider is
   * closed when the last sandbox and call of it are over. Destroy it in the end; closing the client ends it too, unless it is reconnectable.
   *
   * @throws SandboxError as `execute` does, with the field of the options.
   */
  createSandbox(options: CreateSandboxOptions, call?: CallOptions): Promise<ClientSandbox>;

  /**
   * Takes over a sandbox that was made with `reconnectable`, by its id, on the provider that the stored configuration names now, or on another one of its list.
   * Otherwise as {@link SandboxClient.createSandbox}.
   *
   * @throws SandboxError as `execute` does for the stored configuration; `SANDBOX_NOT_FOUND`, `CAPABILITY_UNSUPPORTED`.
   */
  connectSandbox(id: string, options?: ConnectOptions): Promise<ClientSandbox>;

  /** What the chosen provider finds when it looks at everything a call needs. Throws for the stored configuration, as `execute` does. */
  checkHealth(options?: CallOptions): Promise<ClientHealthReport>;

  /** Which provider is chosen. Its configuration is checked; it is neither created nor asked. Throws as `execute` does. */
  providerInfo(options?: CallOptions): Promise<ProviderInfo>;

  /**
   * What the chosen provider can do under its configuration. Nobody is asked for it. Neither the policy nor the providers to fall back on are looked at. Throws as
   * `execute` does for the stored configuration.
   */
  capabilities(options?: CallOptions): Promise<ProviderCapabilities>;

  /**
   * Reads the stored configuration now, and resolves when what was read counts for every later call.
   *
   * @throws SandboxError `SETTINGS_UNAVAILABLE` and what else the settings throw; `CANCELLED`, `SANDBOX_CLOSED`.
   */
  refresh(options?: CallOptions): Promise<void>;

  /** Ends the providers and the calls that run, and closes the settings when the client opened them. Idempotent; never rejects. */
  close(): Promise<void>;
}

/**
 * Makes a client that follows a stored configuration (`settings`, `providers`), or has one provider (`provider`, `config`). No I/O happens before its first call.
 *
 * @throws SandboxError `REQUEST_INVALID` when `providers` is empty or carries an id twice, and for another option that is wrong, naming it; `CONFIG_INVALID` naming
 *   the field when `config` is not what the provider's schema asks for.
 */
export function createSandboxClient(options: SandboxClientOptions): SandboxClient {
  return new StoredSandboxClient(asStoredOptions(options));
}
