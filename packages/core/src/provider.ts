import type { HealthReport } from './health/health-report.ts';
import type { PoolState } from './pool-state.ts';
import type { ProviderCapabilities } from './provider-capabilities.ts';
import type { CallOptions, CreateSandboxOptions, Sandbox } from './sandbox.ts';

/**
 * Something that makes sandboxes. It is created without I/O; the first call reaches out.
 *
 * An implementer guarantees that every call settles by a deadline of its own, that what it created is ended by `close`, and that a
 * failure of its own is thrown as a `SandboxError` and never dressed up as a result.
 */
export interface SandboxProvider extends AsyncDisposable {
  /** Version of this contract that the provider was written for. */
  readonly specificationVersion: 'v1';
  /** As stored in the configuration, for example `docker`. */
  readonly id: string;
  /** What it can do; at most that, where there is {@link SandboxProvider.askCapabilities}. */
  readonly capabilities: ProviderCapabilities;

  /**
   * Gives a sandbox that nobody has used.
   *
   * @throws SandboxError `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED`, `REQUEST_INVALID` (a limit above a maximum),
   *   `PROVIDER_UNAVAILABLE`, `RUNTIME_MISSING`, `ISOLATION_MISMATCH`, `CAPACITY_EXHAUSTED`, `CANCELLED`, `SANDBOX_CLOSED`.
   */
  createSandbox(options: CreateSandboxOptions, call?: CallOptions): Promise<Sandbox>;

  /**
   * Takes over a sandbox that was made with `reconnectable`, also by another process with the same configuration. A former holder's calls fail with
   * `SANDBOX_CLOSED`; a program that still runs for it is ended, contexts live on.
   *
   * @throws SandboxError `SANDBOX_NOT_FOUND` (also for a sandbox that was not made for it, and for a text that is no id), `CAPABILITY_UNSUPPORTED`, `PROVIDER_UNAVAILABLE`, `CANCELLED`, `SANDBOX_CLOSED` (the provider is closed).
   */
  connectSandbox(id: string, call?: CallOptions): Promise<Sandbox>;

  /** Looks at everything that a call needs and says what is wrong with it. Findings are in the report; it does not throw for them. */
  checkHealth(call?: CallOptions): Promise<HealthReport>;

  /**
   * Asks what stands behind it what it can do: never more than {@link SandboxProvider.capabilities}, and the rest is refused. Absent where those are exact.
   *
   * @throws SandboxError `PROVIDER_UNAVAILABLE`, `AUTHENTICATION_FAILED`, `RESPONSE_INVALID`, `CANCELLED`, `SANDBOX_CLOSED`.
   */
  askCapabilities?(call?: CallOptions): Promise<ProviderCapabilities>;

  /** What the pool of this process has now, without asking anybody; `undefined` before there is one. Absent where the provider keeps no sandboxes ready. */
  describePool?(): PoolState | undefined;

  /** Ends every sandbox (reconnectable ones live on) and connection. Idempotent. Calls that run are settled. */
  close(): Promise<void>;
}
