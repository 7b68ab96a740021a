import type { AgentRunFaultScript, ExecutionTimeoutAnswer } from './agent-run-fault.ts';
import type { AgentRunOperation, AgentRunPlane } from './agent-run-operation.ts';

/** An access key, and what it may do. */
export interface FakeAccessKey {
  /** Main account that the key belongs to: 16 digits. */
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of a temporary key: what must come with each signed request. */
  readonly securityToken?: string;
  /** When the security token ends, in milliseconds since the epoch on the fake's clock. @default never */
  readonly securityTokenExpiresAtMs?: number;
  /** RAM actions that the key lacks, for example `agentrun:CreateSandbox`; `agentrun:InvokeSandbox` is the whole data plane. @default none */
  readonly deniedActions?: readonly string[];
}

/** What the service allows. Each has a default that is the service's own, where that is published. */
export interface FakeLimits {
  /** Sandboxes of an account that may live at the same time. @default 100 */
  readonly maxSandboxes: number;
  /** Templates of an account. @default 100 */
  readonly maxTemplates: number;
  /** Longest `timeout` of an execution and of a command, in seconds, and their default. @default 30 */
  readonly maxExecutionSeconds: number;
  /** Longest life of a sandbox, in seconds. @default 21600 */
  readonly maxLifetimeSeconds: number;
  /** Longest idle time that may be asked for, in seconds. @default 21600 */
  readonly maxIdleSeconds: number;
  /** Largest uploaded file, in bytes. @default 104857600 */
  readonly maxUploadBytes: number;
  /** Largest body of any other request, in bytes. @default 33554432 */
  readonly maxBodyBytes: number;
  /** Bytes that the API may write into one sandbox; programs are not held to it. @default 536870912 */
  readonly maxDiskBytes: number;
}

/** How the fake is set up. */
export interface FakeAgentRunOptions {
  /** @default cn-hangzhou */
  readonly region?: string;
  /** The first access key. @default a made-up account with a random key */
  readonly account?: Partial<FakeAccessKey>;
  /** The fake's clock, in milliseconds since the epoch. Lifetimes, delays and the window of signatures follow it. @default Date.now */
  readonly now?: () => number;
  /** How far the clock that judges signatures is off. @default 0 */
  readonly clockOffsetMs?: number;
  /** Whether the account has the role `AliyunServiceRoleForAgentRun`, without which the control plane creates nothing. @default true */
  readonly hasServiceLinkedRole?: boolean;
  /** How long a template stays in `CREATING`. @default 0 */
  readonly templateCreationMs?: number;
  /** How long a sandbox stays in `CREATING`; with 0, the call that creates it answers when it is `READY`. @default 0 */
  readonly sandboxCreationMs?: number;
  /** How long a deleted template can still be seen in `DELETING`. @default 0 */
  readonly templateDeletionMs?: number;
  /** Whether the data plane's answers about sandboxes have `code`, `requestId` and `data` around them. @default wrapped */
  readonly dataEnvelope?: 'wrapped' | 'bare';
  /** How an execution is answered that took too long; the service does not say. @default error-item */
  readonly executionTimeoutAnswer?: ExecutionTimeoutAnswer;
  readonly limits?: Partial<FakeLimits>;
  /** Keys that are accepted in `X-API-Key`, by the name of the credential that a template can be bound to. @default none */
  readonly apiKeys?: Readonly<Record<string, string>>;
  /**
   * How a sandbox's files appear to its programs. `mounted`: `/home/user` and `/tmp` are the sandbox's own, by namespaces, which on Linux root has and others may have. `mapped`:
   * `HOME`, `TMPDIR` and the working folder lead to a folder of the host, and the absolute path `/home/user` works in the API only. `auto` takes the first that works.
   *
   * @default auto
   */
  readonly fileSystem?: 'auto' | 'mounted' | 'mapped';
  /** Python interpreter of the sandboxes. @default python3 of the search path */
  readonly pythonPath?: string;
  /** Node of the sandboxes. @default the Node that runs the fake */
  readonly nodePath?: string;
}

/** One request, as the fake saw and answered it. It holds no header and no body, and so no secret. */
export interface FakeRequestRecord {
  /** Nothing when the path belongs to neither plane. */
  readonly plane: AgentRunPlane | undefined;
  readonly operation: AgentRunOperation | undefined;
  readonly method: string;
  /** Path as it was sent, with its query; access tokens in it are taken out. */
  readonly path: string;
  /** The sandbox that the path names. */
  readonly sandboxId: string | undefined;
  /** The template that the path names. */
  readonly templateName: string | undefined;
  /** Whether a signature, an API key or an access token proved who calls. Permissions are another matter. */
  readonly authenticated: boolean;
  readonly authentication: 'acs3' | 'agentrun4' | 'api-key' | 'access-token' | 'anonymous' | undefined;
  /** Status that was sent; nothing as long as there is no answer, and for ever when the connection was cut or left hanging. */
  readonly status: number | undefined;
  /** Code of the error that was answered. */
  readonly errorCode: string | undefined;
  /** Kinds of the faults that it met. */
  readonly faults: readonly string[];
  /** Whether the caller went away before his answer was sent. */
  readonly abandoned: boolean;
}

/** A program that was really started: code in a context, or a command. */
export interface FakeExecutionRecord {
  readonly kind: 'code' | 'command';
  readonly sandboxId: string;
  /** Of code only. */
  readonly language: 'python' | 'javascript' | undefined;
  readonly contextId: string | undefined;
  readonly startedAtMs: number;
}

/** State of a template, as the API writes it. */
export type FakeTemplateStatus = 'CREATING' | 'CREATE_FAILED' | 'READY' | 'DELETING';

/** State of a sandbox, as the API writes it. */
export type FakeSandboxStatus = 'CREATING' | 'CREATE_FAILED' | 'READY' | 'PAUSED' | 'DELETING' | 'TERMINATED';

/** A template as it is now. */
export interface FakeTemplateView {
  readonly accountId: string;
  readonly templateName: string;
  readonly templateType: string;
  readonly status: FakeTemplateStatus;
}

/** A sandbox as it is now. Deleted ones are gone, ended ones stay. */
export interface FakeSandboxView {
  readonly accountId: string;
  readonly sandboxId: string;
  readonly templateName: string;
  readonly status: FakeSandboxStatus;
  readonly createdAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly idleTimeoutSeconds: number;
  /** The folder of the host that is `/home/user` of the sandbox. It is removed when the sandbox ends. */
  readonly homeFolder: string;
  /** Whether programs find it at `/home/user`. */
  readonly fileSystem: 'mounted' | 'mapped';
}

/** A service that runs. Close it, or declare it with `await using`. */
export interface FakeAgentRun extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, for both planes. */
  readonly url: string;
  /** `127.0.0.1:<port>`, as clients want it who ask for the scheme apart. */
  readonly host: string;
  readonly region: string;
  /** The first access key. */
  readonly account: FakeAccessKey;
  readonly faults: AgentRunFaultScript;
  /** Every request, oldest first. A record's status appears when it is answered. */
  readonly requests: readonly FakeRequestRecord[];
  /** Every program that was really started, oldest first. */
  readonly executions: readonly FakeExecutionRecord[];
  /** How far the clock that judges signatures is off, in milliseconds. */
  clockOffsetMs: number;
  /** Whether the account has the role without which the control plane creates nothing. */
  hasServiceLinkedRole: boolean;
  /** Adds an access key, of the same account unless another is named. What is not said is made up. */
  addKey(key?: Partial<FakeAccessKey>): FakeAccessKey;
  /** Takes a key away: from now on it is unknown. */
  removeKey(accessKeyId: string): void;
  /** Every template there is now, oldest first. */
  templates(): FakeTemplateView[];
  /** Every sandbox there is now, oldest first. */
  sandboxes(): FakeSandboxView[];
  /** Ends a sandbox as its idle time or its lifetime would. Resolves when its programs are gone. */
  expire(sandboxId: string): Promise<void>;
  /** Ends everything: connections, sandboxes, their programs and their files. May be called again. */
  close(): Promise<void>;
}
