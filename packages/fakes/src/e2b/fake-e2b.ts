import type { E2bFaultScript } from './e2b-fault.ts';
import type { E2bOperation, E2bPlane } from './e2b-operation.ts';

/** The routes for creating and connecting: `v1` is `/sandboxes`, which clients up to 2.50 call; `v2` is `/v2/sandboxes`, which those since 2.51 call. */
export type E2bDialect = 'v1' | 'v2';

/** What sandboxes are made from. */
export interface FakeE2bTemplate {
  /** Whether a server for code listens on port 49999. @default false */
  readonly codeInterpreter?: boolean;
  /** Whether commands can be started; otherwise there is no bash, as in images that lack it. @default true */
  readonly commands?: boolean;
  /** Version of the daemon that its sandboxes name. @default envdVersion of the fake */
  readonly envdVersion?: string;
  /** Its identifier, where it can also be named by another name, the one under which it is given. @default that name */
  readonly templateId?: string;
}

/** How the fake is set up. */
export interface FakeE2bOptions {
  /** The first API key. @default a random one that looks like the vendor's */
  readonly apiKey?: string;
  /** A token that is accepted in `Authorization: Bearer` in place of an API key. @default none */
  readonly accessToken?: string;
  /** Which routes for creating and connecting exist. @default both */
  readonly dialects?: readonly E2bDialect[];
  /** Operations that this service lacks. @default none */
  readonly absent?: readonly E2bOperation[];
  /** How what the service lacks is answered: 404 and 405 in plain text, as routers do; 501 as JSON. @default 404 */
  readonly absentStatus?: 404 | 405 | 501;
  /** Version of the daemon that sandboxes name. Clients ask it what the daemon can do; 0.5.7 is what the fake can. @default 0.5.7 */
  readonly envdVersion?: string;
  /** Templates by name. @default base, with the daemon only, and code-interpreter-v1, with the server for code */
  readonly templates?: Readonly<Record<string, FakeE2bTemplate>>;
  /** Sandboxes that may live at the same time. @default 100 */
  readonly maxSandboxes?: number;
  /** How one sandbox too many is refused: 429, or 503 with `error_code` `sandbox_capacity_unavailable`. @default 429 */
  readonly capacityStatus?: 429 | 503;
  /** Longest `timeout` that may be asked for, in seconds. @default 86400 */
  readonly maxLifetimeSeconds?: number;
  /** Bytes that the API may write into one sandbox; programs are not held to it. @default 536870912 */
  readonly maxDiskBytes?: number;
  /** Largest body of a request, in bytes: it is kept in memory. @default 134217728 */
  readonly maxBodyBytes?: number;
  /** The fake's clock, in milliseconds since the epoch. Lifetimes and expirations of signatures follow it; execution times are real. @default Date.now */
  readonly now?: () => number;
  /** Whether streams say from time to time that they live: of processes as often as the client asks, of code as `interpreterKeepAliveMs` says. @default true */
  readonly keepAlives?: boolean;
  /** How long a stream of code is silent before it says that it lives, in milliseconds. @default 5000 */
  readonly interpreterKeepAliveMs?: number;
  /** Token that is given with each sandbox, and demanded on port 49999 in `E2B-Traffic-Access-Token`. @default none */
  readonly trafficAccessToken?: string;
  /** `domain` of the answer to a creation. @default none */
  readonly domain?: string;
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
export interface FakeE2bRequestRecord {
  /** Nothing when it was for a port of a sandbox on which nobody listens. */
  readonly plane: E2bPlane | undefined;
  /** Nothing when there is no such route. */
  readonly operation: E2bOperation | undefined;
  readonly method: string;
  /** Path as it was sent, with its query; signatures in it are taken out. */
  readonly path: string;
  /** The sandbox that the path, a header or the host names, or that a signature belongs to. */
  readonly sandboxId: string | undefined;
  /** Whether an API key, an access token or a signature proved who calls. */
  readonly authenticated: boolean;
  /** Status that was sent; nothing as long as there is no answer, and for ever when the connection was cut or left hanging before. */
  readonly status: number | undefined;
  /** Kinds of the faults that it met. */
  readonly faults: readonly string[];
  /** Whether the caller went away before his answer was sent to its end. */
  readonly abandoned: boolean;
}

/** A program that was really started: code in a context, or a command. */
export interface FakeE2bExecutionRecord {
  readonly kind: 'code' | 'command';
  readonly sandboxId: string;
  /** User that it was to run as; everything runs as the user of the fake's own process. */
  readonly user: string;
  /** Of code only. */
  readonly language: 'python' | 'javascript' | undefined;
  readonly contextId: string | undefined;
  readonly startedAtMs: number;
}

/** A sandbox as it is now. Ended ones are gone. */
export interface FakeE2bSandboxView {
  readonly sandboxId: string;
  readonly templateId: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly state: 'running' | 'paused';
  readonly startedAtMs: number;
  /** When its time is over. */
  readonly endAtMs: number;
  /** Whether it pauses then, and does not end. */
  readonly autoPause: boolean;
  /** As it was asked for last; nothing when it was not. Programs are not held to it. */
  readonly allowInternetAccess: boolean | undefined;
  /** As it was asked for last. */
  readonly network: Readonly<Record<string, unknown>> | undefined;
  /** The route by which it was created. */
  readonly dialect: E2bDialect;
  /** Whether the daemon demands its access token. */
  readonly isSecured: boolean;
  /** The folder of the host that is `/home/user` of the sandbox. It is removed when the sandbox ends. */
  readonly homeFolder: string;
  /** Whether programs find it at `/home/user`. */
  readonly fileSystem: 'mounted' | 'mapped';
}

/** A service that runs. Close it, or declare it with `await using`. */
export interface FakeE2b extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: `apiUrl` and `sandboxUrl` of a client. */
  readonly url: string;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** The first API key. */
  readonly apiKey: string;
  readonly faults: E2bFaultScript;
  /** Every request, oldest first. A record's status appears when it is answered. */
  readonly requests: readonly FakeE2bRequestRecord[];
  /** Every program that was really started, oldest first. */
  readonly executions: readonly FakeE2bExecutionRecord[];
  /** Adds an API key, and gives it. @default a random one */
  addKey(apiKey?: string): string;
  /** Takes a key away: from now on it is unknown. */
  removeKey(apiKey: string): void;
  /** Every sandbox there is now, oldest first. */
  sandboxes(): FakeE2bSandboxView[];
  /** Ends or pauses a sandbox as its timeout would. Resolves when that is done. */
  expire(sandboxId: string): Promise<void>;
  /** Ends everything: connections, sandboxes, their programs and their files. May be called again. */
  close(): Promise<void>;
}
