import { codeText, systemCodeOf } from '@sandport/provider-kit';
import { z } from 'zod';
import { encodeRfc3986 } from '../data/agentrun-signer.ts';
import { callWithin } from '../http/call-within.ts';
import { AgentRunFailure } from '../http/agentrun-failure.ts';
import type { KeyProvider } from '../settings/key-provider.ts';
import type { Endpoint } from '../settings/resolve-settings.ts';
import {
  envelopeSchema,
  sandboxPageSchema,
  sandboxSchema,
  templateSchema,
  type RemoteSandbox,
  type SandboxPage,
  type Template,
} from './control-schemas.ts';
import { loadSdk, type Sdk } from './sdk-classes.ts';

/** Version of the API: header and first segment of every path. */
const API_VERSION = '2025-09-10';

/** What a template is made from. Everything that the model of the control SDK (Go 5.8.4) calls required, and the documented lifetimes. */
export interface CreateTemplateInput {
  readonly templateName: string;
  readonly templateType: string;
  /** Processors. */
  readonly cpu: number;
  /** Megabytes. */
  readonly memory: number;
  /** Megabytes: 512 or 10240. */
  readonly diskSize: number;
  readonly networkConfiguration: {
    readonly networkMode: string;
    readonly vpcId?: string;
    readonly vswitchIds?: readonly string[];
    readonly securityGroupId?: string;
  };
  readonly sandboxIdleTimeoutInSeconds: number;
  readonly sandboxTTLInSeconds: number;
  readonly description: string;
}

/** What a sandbox is made from. */
export interface CreateRemoteSandboxInput {
  readonly templateName: string;
  /** Chosen by us, so that a call whose answer was lost can be found out about. */
  readonly sandboxId: string;
  readonly sandboxIdleTimeoutInSeconds: number;
}

/** Which sandboxes are listed. */
export interface ListSandboxesQuery {
  readonly templateName?: string | undefined;
  readonly nextToken?: string | undefined;
}

/** How one call is carried out. */
export interface ControlCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** @default 10000 */
  readonly timeoutMs?: number | undefined;
}

interface Call<Output> {
  readonly action: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
  readonly schema: z.ZodType<Output>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const CODE_OF_SUCCESS = 'SUCCESS';

/**
 * The control plane, one method for each operation that is used here. Each is one HTTP exchange: nothing is repeated. Failures are {@link AgentRunFailure}s.
 *
 * The package underneath (`@alicloud/openapi-client` 0.4.15) gives up after 3 seconds unless both of its times are set, cannot be cancelled, parses error bodies itself and
 * loses the status of those that are no JSON.
 */
export class ControlClient {
  readonly #endpoint: Endpoint;
  readonly #keys: KeyProvider;
  #client: InstanceType<Sdk['OpenApiClient']> | undefined;

  constructor(endpoint: Endpoint, keys: KeyProvider) {
    this.#endpoint = endpoint;
    this.#keys = keys;
  }

  get address(): string {
    return `${this.#endpoint.protocol}://${this.#endpoint.host}`;
  }

  getTemplate(templateName: string, options: ControlCallOptions = {}): Promise<Template> {
    return this.#call({ action: 'GetTemplate', method: 'GET', path: ['templates', templateName], schema: templateSchema }, options);
  }

  createTemplate(input: CreateTemplateInput, options: ControlCallOptions = {}): Promise<Template> {
    return this.#call({ action: 'CreateTemplate', method: 'POST', path: ['templates'], body: input, schema: templateSchema }, options);
  }

  createSandbox(input: CreateRemoteSandboxInput, options: ControlCallOptions = {}): Promise<RemoteSandbox> {
    return this.#call({ action: 'CreateSandbox', method: 'POST', path: ['sandboxes'], body: input, schema: sandboxSchema }, options);
  }

  getSandbox(sandboxId: string, options: ControlCallOptions = {}): Promise<RemoteSandbox> {
    return this.#call({ action: 'GetSandbox', method: 'GET', path: ['sandboxes', sandboxId], schema: sandboxSchema }, options);
  }

  listSandboxes({ templateName, nextToken }: ListSandboxesQuery, options: ControlCallOptions = {}): Promise<SandboxPage> {
    const query = { maxResults: '50', templateName, nextToken };
    return this.#call({ action: 'ListSandboxes', method: 'GET', path: ['sandboxes'], query, schema: sandboxPageSchema }, options);
  }

  /** It is stopped first where it runs; the answer, when it has one, tells how it was before. */
  async deleteSandbox(sandboxId: string, options: ControlCallOptions = {}): Promise<void> {
    await this.#call({ action: 'DeleteSandbox', method: 'DELETE', path: ['sandboxes', sandboxId], schema: z.unknown() }, options);
  }

  async #call<Output>(call: Call<Output>, { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: ControlCallOptions): Promise<Output> {
    const { action } = call;
    // The package cannot be cancelled: a late answer finds nobody.
    return callWithin('control', action, { timeoutMs, signal }, async () => readAnswer(call, await this.#send(call, timeoutMs)));
  }

  async #send<Output>(call: Call<Output>, timeoutMs: number): Promise<unknown> {
    const sdk = await loadSdk();
    const { action, method, path, query, body } = call;
    const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const params = new sdk.Params({
      action,
      version: API_VERSION,
      protocol: this.#endpoint.protocol,
      pathname: ['', API_VERSION, ...path.map(encodeRfc3986)].join('/'),
      method,
      authType: 'AK',
      style: 'ROA',
      reqBodyType: 'json',
      bodyType: 'string',
    });
    const request = new sdk.OpenApiRequest({ query: Object.fromEntries(given), ...(body === undefined ? {} : { body }) });
    // Both: the second is the idle time of the socket, and wins when it is shorter.
    const runtime = new sdk.RuntimeOptions({ readTimeout: timeoutMs, connectTimeout: timeoutMs, autoretry: false });
    try {
      this.#client ??= this.#makeClient(sdk);
      const answer: unknown = await this.#client.callApi(params, request, runtime);
      return typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'body') : undefined;
    } catch (error) {
      throw failureOf(action, error);
    }
  }

  #makeClient({ Config, Credential, OpenApiClient }: Sdk): InstanceType<Sdk['OpenApiClient']> {
    const { host, protocol } = this.#endpoint;
    const keys = this.#keys;
    const provider = {
      getProviderName: () => keys.name,
      getCredentials: async () => {
        const { accessKeyId, accessKeySecret, securityToken = '' } = await keys.getKey();
        return { accessKeyId, accessKeySecret, securityToken, providerName: keys.name };
      },
    };
    return new OpenApiClient(new Config({ credential: new Credential(null, provider), endpoint: host, protocol, userAgent: 'sandport' }));
  }
}

function readAnswer<Output>({ action, schema }: Call<Output>, body: unknown): Output {
  const json = parseJson(body);
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    // An empty answer to a deletion is one to which nothing is missing.
    const empty = schema.safeParse(undefined);
    if (body === '' && empty.success) return empty.data;
    throw new AgentRunFailure({ plane: 'control', action, kind: 'unreadable' });
  }
  const requestId = codeText(envelope.data.requestId);
  const code = codeText(envelope.data.code);
  if (code !== undefined && code !== CODE_OF_SUCCESS)
    throw new AgentRunFailure({ plane: 'control', action, kind: 'refused', status: 200, code, requestId });
  const parsed = schema.safeParse(envelope.data.data);
  if (parsed.success) return parsed.data;
  throw new AgentRunFailure({ plane: 'control', action, kind: 'unreadable', status: 200, requestId });
}

function parseJson(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What the package throws, without its texts: they quote the string that was signed, and with it a security token. */
function failureOf(action: string, error: unknown): unknown {
  if (!(error instanceof Error)) return new AgentRunFailure({ plane: 'control', action, kind: 'unreadable' });
  if ('statusCode' in error || 'data' in error) {
    const data: unknown = Reflect.get(error, 'data');
    const envelope = envelopeSchema.safeParse(data);
    const status: unknown = Reflect.get(error, 'statusCode') ?? (envelope.success ? Reflect.get(data as object, 'statusCode') : undefined);
    return new AgentRunFailure({
      plane: 'control',
      action,
      kind: 'refused',
      status: typeof status === 'number' ? status : undefined,
      code: codeText(Reflect.get(error, 'code')) ?? (envelope.success ? codeText(envelope.data.code ?? envelope.data.Code) : undefined),
      requestId: envelope.success ? codeText(envelope.data.requestId ?? envelope.data.RequestId) : undefined,
    });
  }
  if (error instanceof SyntaxError) return new AgentRunFailure({ plane: 'control', action, kind: 'unreadable' });
  if (error.name === 'SandboxError') return error;
  return new AgentRunFailure({ plane: 'control', action, kind: 'unreachable', code: systemCodeOf(error) ?? codeText(error.name) });
}
