import { executionEventSchema, problemSchema, sandboxEventSchema } from '@sandport/executor-api';
import { parseJson } from '@sandport/provider-kit';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { JsonSchema, PlacedOperation } from './described-api.ts';
import { hostile, mutated, valid, type Random } from './random-input.ts';

/** What a fuzzed request is made with. */
export interface FuzzContext {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly token: string;
  readonly random: Random;
  /** What is filled in for a name of the path, mostly. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What was sent, for whoever reads of a failure. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

const ACCEPTS = [
  'application/json',
  '*/*',
  'application/x-ndjson',
  'text/event-stream;q=0.5',
  'nonsense',
  'application/x-ndjson, text/event-stream',
] as const;

/** A request to an operation: as its description has it, or with something wrong. */
export function makeRequest(operation: PlacedOperation, { random, parameters, token }: FuzzContext): FuzzRequest {
  const isWrong = random.isIn(0.5);
  const fill = (name: string, schema: JsonSchema): string => {
    if (isWrong && random.isIn(0.3)) return asText(hostile(random));
    const known = parameters[name];
    return known !== undefined && random.isIn(0.8) ? known : asText(valid(schema, random));
  };
  let { path } = operation;
  const query: string[] = [];
  for (const { name, in: place, schema } of operation.parameters ?? []) {
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(fill(name, schema)) || 'x');
    if (place === 'query' && !(isWrong && random.isIn(0.2))) query.push(`${name}=${encodeURIComponent(fill(name, schema))}`);
  }
  if (isWrong && random.isIn(0.1)) query.push(`${encodeURIComponent(asText(hostile(random)))}=1`);
  const { type, body } = bodyOf(operation, random, isWrong);
  return {
    method: operation.method,
    path: `${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: { authorization: `Bearer ${token}`, ...headersOf(random, isWrong), ...(type === null ? {} : { 'content-type': type }) },
    body,
  };
}

function headersOf(random: Random, isWrong: boolean): Record<string, string> {
  const ascii = asText(hostile(random))
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 300);
  return {
    accept: random.oneOf(ACCEPTS),
    ...(random.isIn(0.2) ? { 'idempotency-key': `key-${random.below(5)}` } : {}),
    ...(isWrong && random.isIn(0.1)
      ? { [random.oneOf(['idempotency-key', 'sandport-connection', 'sandport-tenant', 'accept'])]: ascii }
      : {}),
  };
}

function bodyOf(
  operation: PlacedOperation,
  random: Random,
  isWrong: boolean,
): { readonly type: string | null; readonly body: string | null } {
  const content = Object.entries(operation.requestBody?.content ?? {});
  const [kind, described] = content[random.below(content.length)] ?? [undefined, {}];
  if (kind === undefined) return { type: null, body: null };
  const schema = described.schema ?? {};
  const value = isWrong && random.isIn(0.7) ? mutated(schema, random) : valid(schema, random);
  const type =
    isWrong && random.isIn(0.1) ? random.oneOf(['text/plain', 'application/json', 'multipart/form-data; boundary=b', 'a/b']) : kind;
  let text = kind === 'application/octet-stream' ? asText(value) : JSON.stringify(value);
  if (kind.startsWith('multipart')) text = `--b\r\ncontent-disposition: form-data; name="request"\r\n\r\n${text}\r\n--b--\r\n`;
  if (isWrong && random.isIn(0.05)) text = text.slice(0, -2);
  return { type: type.startsWith('multipart') ? 'multipart/form-data; boundary=b' : type, body: text };
}

function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.toWellFormed();
}

/** How a request was answered. */
export interface FuzzAnswer {
  readonly status: number;
  /** What is wrong with it; nothing when all is well. */
  readonly problem: string | undefined;
}

/** Sends a request, and looks at its answer. */
export async function judge(operation: PlacedOperation, request: FuzzRequest, context: FuzzContext): Promise<FuzzAnswer> {
  const answer = await context.dispatcher.request({ ...request, origin: context.origin });
  return { status: answer.statusCode, problem: await problemWith(operation, answer) };
}

async function problemWith(
  operation: PlacedOperation,
  { statusCode, headers, body }: Dispatcher.ResponseData,
): Promise<string | undefined> {
  const kind = String(headers['content-type'] ?? '').split(';')[0] ?? '';
  if (kind === 'application/x-ndjson' || kind === 'text/event-stream') return problemWithEvents(operation, body);
  const text = await body.text();
  if (statusCode >= 400) return problemWithRefusal(statusCode, text);
  const answer = operation.responses[String(statusCode)];
  if (answer === undefined) return `the status ${statusCode} is not described`;
  if (answer.content === undefined) return text === '' ? undefined : `the status ${statusCode} is described without a body`;
  const described = answer.content[kind];
  if (described === undefined) return `an answer of the kind "${kind}" is not described`;
  if (kind !== 'application/json') return undefined;
  const checked = z.fromJSONSchema(described.schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(JSON.parse(text));
  return checked.success ? undefined : `the answer is not what is described: ${z.prettifyError(checked.error)}`;
}

/** What the far side cannot do now, which is no fault. */
const BUSY: ReadonlySet<string> = new Set(['CAPACITY_EXHAUSTED', 'PROVIDER_UNAVAILABLE']);

function problemWithRefusal(status: number, text: string): string | undefined {
  // What is no request yet is refused without a word.
  if (status === 431 && text === '') return undefined;
  const problem = problemSchema.safeParse(parseJson(text));
  if (!problem.success) return `it is no problem: ${text.slice(0, 200)}`;
  if (problem.data.status !== status) return `the problem has another status than the answer: ${text.slice(0, 200)}`;
  return status >= 500 && !(status === 503 && BUSY.has(problem.data.code)) ? `a fault: ${text.slice(0, 400)}` : undefined;
}

async function problemWithEvents(operation: PlacedOperation, body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const schema = operation.operationId === 'createSandbox' ? sandboxEventSchema : executionEventSchema;
  let text = '';
  for await (const piece of body as AsyncIterable<Buffer>) {
    text += piece.toString();
    // It would go on for as long as somebody reads it.
    if (operation.operationId === 'createSandbox' && text.includes('\n')) break;
  }
  const events = text.split('\n').filter((line) => line !== '' && !line.startsWith('event:'));
  const wrong = events.filter((line) => !schema.safeParse(JSON.parse(line.replace(/^data: /, ''))).success);
  if (text.includes('"INTERNAL"')) return `a fault: ${text.slice(-400)}`;
  return wrong.length === 0 ? undefined : `an event is none: ${wrong[0]?.slice(0, 400)}`;
}
