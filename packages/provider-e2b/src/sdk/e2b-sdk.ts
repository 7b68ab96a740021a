import { e2bError } from '../e2b-errors.ts';

/** Options that the SDK's objects are made with: all that concern the connection, each time, so that none comes from the SDK's environment variables. */
export interface SdkConnectionOptions {
  readonly apiKey?: string | undefined;
  readonly apiUrl: string;
  readonly sandboxUrl?: string | undefined;
  readonly domain: string;
  readonly debug: boolean;
  readonly requestTimeoutMs: number;
  readonly retries: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly proxy?: string | undefined;
}

/** What an answer of the control plane is, as the SDK's client gives it. */
export interface SdkAnswer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: { readonly status: number; readonly ok: boolean; readonly headers: { get(name: string): string | null } };
}

/** One call of the control plane. */
export interface SdkRequest {
  readonly body?: object | undefined;
  readonly params?: { readonly path?: Readonly<Record<string, string>>; readonly query?: Readonly<Record<string, unknown>> };
  readonly signal: AbortSignal;
  readonly parseAs: 'text';
}

type SdkMethod = (path: string, request: SdkRequest) => Promise<SdkAnswer>;

/** A command that runs in a sandbox. */
export interface SdkCommandHandle {
  readonly pid: number;
  wait(): Promise<unknown>;
  disconnect(): Promise<void>;
}

/** A sandbox of the service, of which only the way inside is used. */
export interface SdkSandbox {
  readonly commands: {
    run(
      command: string,
      options: {
        readonly background: true;
        readonly stdin: true;
        readonly user: string;
        readonly cwd: string;
        readonly timeoutMs: number;
        readonly requestTimeoutMs: number;
        readonly signal: AbortSignal;
        readonly onStdout: (text: string) => void;
      },
    ): Promise<SdkCommandHandle>;
    sendStdin(pid: number, data: string, options: { readonly requestTimeoutMs: number; readonly signal: AbortSignal }): Promise<void>;
    kill(pid: number, options: { readonly requestTimeoutMs: number }): Promise<boolean>;
  };
}

/** What this provider uses of the package `e2b`, in every version from 2.20 to 2.51. */
export interface E2bSdk {
  readonly ConnectionConfig: new (options: object) => object;
  readonly ApiClient: new (
    config: never,
    options: { readonly requireApiKey: boolean },
  ) => { readonly api: { readonly GET: unknown; readonly POST: unknown; readonly DELETE: unknown } };
  readonly Sandbox: new (options: never) => object;
}

/** Where the SDK comes from. It is loaded at the first use: that takes longer than all the rest of this package. */
export type SdkSource = () => Promise<E2bSdk>;

/** The SDK that is installed beside this package. */
export const installedSdk: SdkSource = () => import('e2b');

/** The SDK's client of the control plane. */
export interface SdkControl {
  readonly GET: SdkMethod;
  readonly POST: SdkMethod;
  readonly DELETE: SdkMethod;
}

/**
 * Makes a client of the control plane. A key or token of the environment, which may be another service's, is left out.
 *
 * @throws SandboxError `CONFIG_INVALID` when the SDK is too old for a proxy: it would go around it without a word.
 */
export function makeControl(sdk: E2bSdk, options: SdkConnectionOptions): SdkControl {
  const config = new sdk.ConnectionConfig(options);
  Reflect.set(config, 'accessToken', undefined);
  Reflect.set(config, 'apiKey', options.apiKey);
  if (options.proxy !== undefined && Reflect.get(config, 'proxy') !== options.proxy) {
    throw e2bError('CONFIG_INVALID', 'configure', 'proxy: the installed version of the package "e2b" knows no proxy.', {
      suggestion: 'Install a newer "e2b", or leave "proxy" empty.',
      details: { field: 'proxy' },
    });
  }
  return new sdk.ApiClient(config as never, { requireApiKey: false }).api as SdkControl;
}

/** Makes the object for a sandbox that exists, without a call. */
export function makeSandbox(
  sdk: E2bSdk,
  options: SdkConnectionOptions & {
    readonly sandboxId: string;
    readonly envdVersion: string;
    readonly envdAccessToken?: string | undefined;
    readonly sandboxUrl: string;
  },
): SdkSandbox {
  return new sdk.Sandbox(options as never) as SdkSandbox;
}
