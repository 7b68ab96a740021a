import { Buffer } from 'node:buffer';
import { codeText, parseRetryAfter, systemCodeOf, parseJson } from '@sandport/provider-kit';
import type { z } from 'zod';
import { missingError } from '../settings/resolve-settings.ts';
import { callWithin, type CallOptions } from '../http/call-within.ts';
import { AgentRunFailure, type AgentRunFailureFacts } from '../http/agentrun-failure.ts';
import type { KeyProvider } from '../settings/key-provider.ts';
import type { AliyunSettings } from '../settings/resolve-settings.ts';
import { encodeRfc3986, signAgentRunRequest } from './agentrun-signer.ts';
import { commandSchema, contextSchema, dataEnvelopeSchema, healthSchema, type CommandOutcome } from './data-schemas.ts';
import { executeReplySchema, readExecuteReply, type ExecuteOutcome } from './execute-reply.ts';

interface Call {
  readonly action: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/sandboxes`. The data plane's paths have no version in them. */
  readonly path: readonly string[];
  readonly body?: { readonly json: object } | { readonly form: FormData };
}

/** Headers that may hold the id of a request, in the order in which the official SDK looks. */
const REQUEST_ID_HEADERS = ['x-acs-request-id', 'x-agentrun-request-id', 'x-request-id', 'x-fc-request-id'];
const CODE_OF_SUCCESS = 'SUCCESS';
/** Larger answers are no answers of these operations. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/** The data plane, one method for each operation that is used here. Each is one HTTP exchange: nothing is repeated. Failures are {@link AgentRunFailure}s. */
export class DataClient {
  readonly #settings: Pick<AliyunSettings, 'data' | 'region'>;
  readonly #keys: KeyProvider;

  constructor(settings: Pick<AliyunSettings, 'data' | 'region'>, keys: KeyProvider) {
    this.#settings = settings;
    this.#keys = keys;
  }

  /** Whether the sandbox takes calls. */
  async isReady(sandboxId: string, options: CallOptions): Promise<boolean> {
    const answer = await this.#call({ action: 'CheckHealth', method: 'GET', path: [sandboxId, 'health'] }, healthSchema, options);
    return answer.status?.toLowerCase() === 'ok';
  }

  /** Writes a file of any kind, at most 100 MB, with the folders that lead to it. */
  async upload(sandboxId: string, path: string, content: Uint8Array, options: CallOptions): Promise<void> {
    const form = new FormData();
    form.append('path', path);
    form.append('file', new Blob([Uint8Array.from(content)]), path.slice(path.lastIndexOf('/') + 1));
    await this.#exchange({ action: 'UploadFile', method: 'POST', path: [sandboxId, 'filesystem', 'upload'], body: { form } }, options);
  }

  /** Runs a command of at most 30 seconds. */
  runCommand(sandboxId: string, command: string, cwd: string, seconds: number, options: CallOptions): Promise<CommandOutcome> {
    const body = { json: { command, cwd, timeout: seconds } };
    return this.#call({ action: 'RunCommand', method: 'POST', path: [sandboxId, 'processes', 'cmd'], body }, commandSchema, options);
  }

  async createContext(sandboxId: string, language: 'python', cwd: string, options: CallOptions): Promise<string> {
    const call: Call = { action: 'CreateContext', method: 'POST', path: [sandboxId, 'contexts'], body: { json: { language, cwd } } };
    return (await this.#call(call, contextSchema, options)).id;
  }

  /** Runs code in a context, for at most 30 seconds. Context and language exclude each other in this call. */
  async executeCode(sandboxId: string, contextId: string, code: string, seconds: number, options: CallOptions): Promise<ExecuteOutcome> {
    const body = { json: { contextId, code, timeout: seconds } };
    const call: Call = { action: 'ExecuteCode', method: 'POST', path: [sandboxId, 'contexts', 'execute'], body };
    return readExecuteReply(await this.#call(call, executeReplySchema, options));
  }

  async #call<Output>(call: Call, schema: z.ZodType<Output>, options: CallOptions): Promise<Output> {
    const { body, facts } = await this.#exchange(call, options);
    for (const candidate of unwrap(body)) {
      const parsed = schema.safeParse(candidate);
      if (parsed.success) return parsed.data;
    }
    throw new AgentRunFailure({ ...facts, kind: 'unreadable' });
  }

  async #exchange(call: Call, options: CallOptions): Promise<{ body: unknown; facts: Omit<AgentRunFailureFacts, 'kind'> }> {
    return callWithin('data', call.action, options, async (signal) => {
      const { response, text } = await this.#send(call, signal);
      const body = parseJson(text);
      const envelope = dataEnvelopeSchema.safeParse(body);
      const facts = factsOf(call.action, response, envelope.success ? envelope.data : undefined);
      if (!response.ok) throw new AgentRunFailure({ ...facts, kind: body === undefined && text !== '' ? 'unreadable' : 'refused' });
      if (body === undefined && text !== '') throw new AgentRunFailure({ ...facts, kind: 'unreadable' });
      if (facts.code !== undefined && facts.code !== CODE_OF_SUCCESS) throw new AgentRunFailure({ ...facts, kind: 'refused' });
      return { body, facts };
    });
  }

  async #send({ action, method, path, body }: Call, signal: AbortSignal): Promise<{ response: Response; text: string }> {
    const { data, region } = this.#settings;
    if (data === undefined) throw missingError('accountId');
    const url = new URL(`${data.protocol}://${data.host}/${['sandboxes', ...path].map(encodeRfc3986).join('/')}`);
    const signed = signAgentRunRequest({ method, url }, await this.#keys.getKey(), { region, now: new Date() });
    try {
      const response = await fetch(url, {
        method,
        signal,
        redirect: 'error',
        headers: {
          ...signed,
          'user-agent': 'sandport',
          ...(body !== undefined && 'form' in body ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: 'form' in body ? body.form : JSON.stringify(body.json) }),
      });
      return { response, text: await readText(response) };
    } catch (error) {
      throw new AgentRunFailure({
        plane: 'data',
        action,
        kind: 'unreachable',
        code: systemCodeOf(error) ?? (error instanceof Error ? codeText(error.name) : undefined),
      });
    }
  }
}

async function readText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const piece of body) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > LARGEST_ANSWER_BYTES) throw new Error('the answer is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The answer itself, then what lies below `data`: both forms are documented. */
function unwrap(body: unknown): unknown[] {
  const envelope = dataEnvelopeSchema.safeParse(body);
  const inner = envelope.success ? envelope.data.data : undefined;
  return inner === undefined || inner === null ? [body] : [inner, body];
}

function factsOf(
  action: string,
  { status, headers }: Response,
  envelope: z.output<typeof dataEnvelopeSchema> | undefined,
): Omit<AgentRunFailureFacts, 'kind'> {
  const now = Date.now();
  const serverDateMs = Date.parse(headers.get('date') ?? '');
  const idHeader = REQUEST_ID_HEADERS.find((name) => headers.has(name));
  return {
    plane: 'data',
    action,
    status,
    code: codeText(envelope?.error?.code) ?? codeText(envelope?.code),
    requestId: codeText(envelope?.requestId) ?? (idHeader === undefined ? undefined : codeText(headers.get(idHeader))),
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), now),
    clockAheadMs: Number.isNaN(serverDateMs) ? undefined : now - serverDateMs,
  };
}
