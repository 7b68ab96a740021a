import type { CallOptions, CreateSandboxOptions, ExecutionRequest, ExecutionRequestInput, Sandbox, SessionStore } from '@sandport/core';
import type { WarningListener } from '../warning-listener.ts';

/** What a caller says of the sandboxes of a session. Whether they outlive this process follows from the provider and the store. */
export type SessionSandboxOptions = Omit<CreateSandboxOptions, 'reconnectable' | 'tenant'>;

/** A sandbox that was made for a session. */
export interface CreatedSandbox {
  readonly sandbox: Sandbox;
  readonly providerId: string;
  /** `configDigest` of the configuration of its provider. */
  readonly configDigest: string;
  /** It was made with `reconnectable`. */
  readonly canReconnect: boolean;
  /** The provider's `executionsPerSandbox` is `one`: the session gets another sandbox for each execution. @default false */
  readonly executesOnce?: boolean | undefined;
}

/** What is asked of the host when a session needs a sandbox. */
export interface SandboxWish {
  readonly options: CreateSandboxOptions;
  /** Whether it is to be reconnectable where the provider can. */
  readonly wantsReconnect: boolean;
}

/** What sessions need of their client. */
export interface SessionHost {
  /** Where sandboxes are remembered; `undefined` where that is not possible. */
  readonly sessions: (call: CallOptions) => Promise<SessionStore | undefined>;
  /** Whether a sandbox that is made now may be one to reconnect to. Where it cannot, nobody else has the session's sandbox, whatever the store would say. */
  readonly mayReconnect: (call: CallOptions) => Promise<boolean>;
  /** Whether this configuration of this provider is the active one. Asked before each call, so it must not cost a round trip. */
  readonly isActive: (providerId: string, configDigest: string, call: CallOptions) => Promise<boolean>;
  /** Makes a sandbox on the active provider. Throws as `SandboxClient.createSandbox` does. */
  readonly create: (wish: SandboxWish, call: CallOptions) => Promise<CreatedSandbox>;
  /** Takes a sandbox over; `undefined` when it is gone (`SANDBOX_NOT_FOUND` says that too), or when another provider or configuration is active. */
  readonly connect: (providerId: string, configDigest: string, sandboxId: string, call: CallOptions) => Promise<Sandbox | undefined>;
  /** A recorded sandbox is of no interest to its session any more and is not destroyed: it goes on without this process, or is over. */
  readonly letGo?: ((sandbox: Sandbox) => void) | undefined;
  /** Checks a request and fills in the defaults, also those of the client. @default `parseExecutionRequest` */
  readonly prepare?: ((request: ExecutionRequestInput | ExecutionRequest) => ExecutionRequest) | undefined;
  /** Told when something of a session may be left behind, while the call keeps its outcome. */
  readonly warn: WarningListener;
}

/** Which session it is. */
export interface SessionIdentity {
  readonly tenant: string;
  readonly keyDigest: string;
  readonly options: SessionSandboxOptions;
}

/** Where the sandbox of a session comes from. */
export type SandboxOrigin = 'created' | 'reconnected';

/** Told when a session has got a sandbox. */
export interface SessionSandboxEvent {
  /** `created`: it is empty. `reconnected`: files and contexts are there. */
  readonly origin: SandboxOrigin;
  /** As {@link SandboxSession.generation}. */
  readonly generation: number;
  readonly sandboxId: string;
  readonly providerId: string;
}
