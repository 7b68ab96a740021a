import { codeText, parseRetryAfter, systemCodeOf, parseJson } from '@sandport/provider-kit';
import type { z } from 'zod';
import { callWithin, type CallOptions } from '../http/call-within.ts';
import { E2bFailure } from '../http/e2b-failure.ts';
import { makeControl, type SdkAnswer, type SdkControl, type SdkRequest, type SdkSource } from '../sdk/e2b-sdk.ts';
import { connectionOptions } from '../sdk/connection-options.ts';
import type { E2bSettings } from '../settings/resolve-settings.ts';
import {
  connectedSandboxSchema,
  controlErrorSchema,
  knownSandboxSchema,
  sandboxListSchema,
  type ConnectedSandbox,
  type KnownSandbox,
} from './control-schemas.ts';
import { DialectKeeper } from './dialect.ts';

/** What a sandbox is made with. */
export interface CreateInput {
  readonly templateId: string;
  readonly timeoutMs: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly allowInternetAccess: boolean;
  readonly network?: { readonly allowOut?: readonly string[]; readonly denyOut?: readonly string[] } | undefined;
  /** At the end of its time it is paused, not killed. */
  readonly autoPause: boolean;
  /** Whether what runs in it asks for a token. Only services of the first dialect can do without. */
  readonly secure: boolean;
}

/** A page of sandboxes. */
export interface SandboxPage {
  readonly sandboxes: readonly KnownSandbox[];
  readonly nextToken: string | undefined;
}

export type ControlCallOptions = Partial<CallOptions>;

interface Call {
  readonly action: string;
  readonly method: keyof SdkControl;
  readonly path: string;
  readonly sandboxId?: string;
  readonly body?: object;
  readonly query?: Readonly<Record<string, unknown>>;
}

/**
 * The control plane, through the SDK's own client, call by call. The SDK's calls above it would hide what the answers say: `Retry-After`, which of two 404 it is, whether the body is the
 * service's, what came of a sandbox whose description cannot be read. Repeats nothing.
 */
export class ControlClient {
  readonly dialect: DialectKeeper;
  readonly #settings: E2bSettings;
  readonly #sdk: SdkSource;
  #control: Promise<SdkControl> | undefined;

  constructor(settings: E2bSettings, sdk: SdkSource) {
    this.#settings = settings;
    this.#sdk = sdk;
    this.dialect = new DialectKeeper(settings.dialect, settings.likelyDialect);
  }

  /** @throws E2bFailure, SandboxError `CANCELLED`. */
  async createSandbox(input: CreateInput, options: ControlCallOptions = {}): Promise<ConnectedSandbox> {
    const { templateId, timeoutMs, metadata, allowInternetAccess, network, autoPause, secure } = input;
    const body = {
      templateID: templateId,
      timeout: toSeconds(timeoutMs),
      metadata,
      allow_internet_access: allowInternetAccess,
      ...(network === undefined ? {} : { network }),
      ...(autoPause ? { autoPause: true } : {}),
    };
    return this.dialect.call({
      v2: () => this.#ask(connectedSandboxSchema, { action: 'CreateSandbox', method: 'POST', path: '/v2/sandboxes', body }, options),
      v1: () =>
        this.#ask(
          connectedSandboxSchema,
          { action: 'CreateSandbox', method: 'POST', path: '/sandboxes', body: { ...body, secure } },
          options,
        ),
    });
  }

  /** Also resumes one that is paused. The time that is left of a running one only becomes longer. */
  async connectSandbox(sandboxId: string, timeoutMs: number, options: ControlCallOptions = {}): Promise<ConnectedSandbox> {
    const call = { action: 'ConnectSandbox', method: 'POST', sandboxId, body: { timeout: toSeconds(timeoutMs) } } as const;
    return this.dialect.call({
      v2: () => this.#ask(connectedSandboxSchema, { ...call, path: '/v2/sandboxes/{sandboxID}/connect' }, options),
      v1: () => this.#ask(connectedSandboxSchema, { ...call, path: '/sandboxes/{sandboxID}/connect' }, options),
    });
  }

  async getSandbox(sandboxId: string, options: ControlCallOptions = {}): Promise<KnownSandbox> {
    return this.#ask(knownSandboxSchema, { action: 'GetSandbox', method: 'GET', path: '/sandboxes/{sandboxID}', sandboxId }, options);
  }

  /** Running and paused ones with these marks. */
  async listSandboxes(
    metadata: Readonly<Record<string, string>>,
    nextToken: string | undefined,
    options: ControlCallOptions = {},
  ): Promise<SandboxPage> {
    const query = { metadata: encodeMetadata(metadata), state: ['running', 'paused'], limit: PAGE_SIZE, nextToken };
    const { text, answer } = await this.#send({ action: 'ListSandboxes', method: 'GET', path: '/v2/sandboxes', query }, options);
    const next = answer.response.headers.get('x-next-token') ?? '';
    return { sandboxes: parseBody(sandboxListSchema, 'ListSandboxes', text), nextToken: next === '' ? undefined : next };
  }

  async killSandbox(sandboxId: string, options: ControlCallOptions = {}): Promise<void> {
    await this.#send({ action: 'KillSandbox', method: 'DELETE', path: '/sandboxes/{sandboxID}', sandboxId }, options);
  }

  /** It ends this long from now. */
  async setTimeout(sandboxId: string, timeoutMs: number, options: ControlCallOptions = {}): Promise<void> {
    const body = { timeout: toSeconds(timeoutMs) };
    await this.#send({ action: 'SetTimeout', method: 'POST', path: '/sandboxes/{sandboxID}/timeout', sandboxId, body }, options);
  }

  async #ask<Schema extends z.ZodType>(schema: Schema, call: Call, options: ControlCallOptions): Promise<z.output<Schema>> {
    const { text } = await this.#send(call, options);
    return parseBody(schema, call.action, text);
  }

  async #send(call: Call, options: ControlCallOptions): Promise<{ readonly text: string; readonly answer: SdkAnswer }> {
    const { action, method, path, sandboxId, body, query } = call;
    const timeoutMs = options.timeoutMs ?? this.#settings.requestTimeoutMs;
    return callWithin('control', action, { ...options, timeoutMs }, async (signal) => {
      const request: SdkRequest = {
        ...(body === undefined ? {} : { body }),
        params: { ...(sandboxId === undefined ? {} : { path: { sandboxID: sandboxId } }), ...(query === undefined ? {} : { query }) },
        signal,
        parseAs: 'text',
      };
      const control = await this.#getControl();
      let answer: SdkAnswer;
      try {
        answer = await control[method](path, request);
      } catch (error) {
        throw new E2bFailure({ plane: 'control', action, kind: 'unreachable', code: systemCodeOf(error) ?? nameOf(error) });
      }
      if (!answer.response.ok) throw refusalOf(action, answer);
      return { text: typeof answer.data === 'string' ? answer.data : '', answer };
    });
  }

  #getControl(): Promise<SdkControl> {
    this.#control ??= this.#sdk().then((sdk) => makeControl(sdk, connectionOptions(this.#settings)));
    return this.#control;
  }
}

/** The most that a page may hold: OpenAPI description of the service. */
const PAGE_SIZE = 100;

/** The service counts in whole seconds. What is asked for is given at least. */
function toSeconds(timeoutMs: number): number {
  return Math.max(1, Math.ceil(timeoutMs / 1000));
}

/** Key and value are encoded, then the pairs as a form; the SDK's client encodes the whole once more. */
function encodeMetadata(metadata: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(metadata).map(([key, value]): [string, string] => [encodeURIComponent(key), encodeURIComponent(value)]);
  return new URLSearchParams(pairs).toString();
}

function parseBody<Schema extends z.ZodType>(schema: Schema, action: string, text: string): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new E2bFailure({ plane: 'control', action, kind: 'unreadable', status: 200 });
}

/** Paths that are nobody's are answered by a router, in its own words or with a status that no call of the service has. */
const ABSENT_STATUSES: ReadonlySet<number> = new Set([405, 501]);

function refusalOf(action: string, { error, response }: SdkAnswer): E2bFailure {
  const { status, headers } = response;
  const said = controlErrorSchema.safeParse(typeof error === 'string' ? parseJson(error) : error);
  return new E2bFailure({
    plane: 'control',
    action,
    kind: 'refused',
    status,
    code: said.success ? codeText(said.data.error_code) : undefined,
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()),
    isAbsent: ABSENT_STATUSES.has(status) || (status === 404 && !said.success),
  });
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? codeText(error.name) : undefined;
}
