import { request as httpRequest } from 'node:http';
import type { Readable } from 'node:stream';
import type { FakeE2b } from '../../src/index.ts';

/** An answer as it came. */
export interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
  /** The body, where it is JSON. */
  readonly json: unknown;
}

/** One frame of an answer in pieces. */
export interface Frame {
  readonly flags: number;
  readonly message: Record<string, unknown>;
}

export interface Draft {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly signal?: AbortSignal;
  /** Is told each piece of the body as it comes. */
  readonly onPiece?: (piece: Buffer) => void;
  /** Is given the answer as soon as its head has come. */
  readonly onResponse?: (response: Readable) => void;
}

/** Sends a request on a connection of its own. Fails with what the system says when that breaks. */
export function send(fake: Pick<FakeE2b, 'url'>, draft: Draft): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(draft.path, fake.url), {
      method: draft.method ?? 'GET',
      headers: { ...draft.headers },
      agent: false,
      ...(draft.signal === undefined ? {} : { signal: draft.signal }),
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => {
        pieces.push(piece);
        draft.onPiece?.(piece);
      });
      response.on('error', reject);
      draft.onResponse?.(response);
      response.on('end', () => {
        const body = Buffer.concat(pieces);
        const isJson = response.headers['content-type']?.startsWith('application/json') === true;
        const json: unknown = isJson && body.length > 0 ? parseOrNothing(body) : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, json });
      });
    });
    request.end(draft.body);
  });
}

function parseOrNothing(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const packFrame = (message: unknown, flags = 0): Buffer => {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.from([flags, 0, 0, 0, 0]);
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, text]);
};

/** The frames of a body, without what is no whole frame. */
function unpackFrames(body: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start + 5 <= body.length;) {
    const end = start + 5 + body.readUInt32BE(start + 1);
    if (end > body.length) break;
    frames.push({ flags: body[start] ?? 0, message: JSON.parse(body.subarray(start + 5, end).toString()) as Record<string, unknown> });
    start = end;
  }
  return frames;
}

/** Calls the three planes without any client between. */
export class WireUser {
  readonly fake: Pick<FakeE2b, 'url' | 'apiKey'>;
  sandboxId = '';
  token: string | undefined;

  constructor(fake: Pick<FakeE2b, 'url' | 'apiKey'>) {
    this.fake = fake;
  }

  control(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return send(this.fake, { method, path, headers: { 'x-api-key': this.fake.apiKey, ...headers }, ...text });
  }

  /** Creates a sandbox, and is for it from now on. */
  async open(input: Record<string, unknown> = {}, path = '/v2/sandboxes'): Promise<this> {
    const { status, json, body } = await this.control('POST', path, { templateID: 'code-interpreter-v1', ...input });
    if (status !== 201) throw new Error(`No sandbox: ${status} ${body.toString()}`);
    ({ sandboxID: this.sandboxId, envdAccessToken: this.token } = json as { sandboxID: string; envdAccessToken?: string });
    return this;
  }

  headers(port: number): Record<string, string> {
    return {
      'e2b-sandbox-id': this.sandboxId,
      'e2b-sandbox-port': String(port),
      ...(this.token === undefined ? {} : { 'x-access-token': this.token }),
    };
  }

  inSandbox(draft: Draft, port = 49983): Promise<Reply> {
    return send(this.fake, { ...draft, headers: { ...this.headers(port), ...draft.headers } });
  }

  /** Calls a procedure with one answer. */
  call(procedure: string, message: unknown = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const body = JSON.stringify(message);
    return this.inSandbox({ method: 'POST', path: `/${procedure}`, headers: { 'content-type': 'application/json', ...headers }, body });
  }

  /** Calls a procedure whose answer comes in pieces, and waits for all of them. */
  async follow(procedure: string, message: unknown, more: Omit<Draft, 'path'> = {}): Promise<Reply & { frames: Frame[] }> {
    const headers = { 'content-type': 'application/connect+json', ...more.headers };
    const reply = await this.inSandbox({ ...more, method: 'POST', path: `/${procedure}`, headers, body: packFrame(message) });
    return { ...reply, frames: unpackFrames(reply.body) };
  }

  /** The processes that run. */
  async processes(): Promise<{ pid: number; tag?: string; config: unknown }[]> {
    const { json } = await this.call('process.Process/List');
    return (json as { processes: { pid: number; tag?: string; config: unknown }[] }).processes;
  }

  /** Starts a command line and follows it. */
  run(command: string, more: Omit<Draft, 'path'> = {}): Promise<Reply & { frames: Frame[] }> {
    return this.follow('process.Process/Start', { process: { cmd: '/bin/sh', args: ['-c', command] } }, more);
  }

  /** Runs code, and gives its events. */
  async execute(input: Record<string, unknown>, more: Omit<Draft, 'path'> = {}): Promise<Reply & { events: Record<string, unknown>[] }> {
    const headers = { 'content-type': 'application/json', ...more.headers };
    const reply = await this.inSandbox({ ...more, method: 'POST', path: '/execute', headers, body: JSON.stringify(input) }, 49999);
    const lines =
      reply.status === 200
        ? reply.body
            .toString()
            .split('\n')
            .filter((line) => line !== '')
        : [];
    return { ...reply, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  }
}

/** What a process wrote to a stream, of the frames of its answer. */
export function outputOf(frames: readonly Frame[], stream: 'stdout' | 'stderr' = 'stdout'): string {
  return Buffer.concat(
    frames.map(({ message }) =>
      Buffer.from((message['event'] as { data?: Record<string, string> } | undefined)?.data?.[stream] ?? '', 'base64'),
    ),
  ).toString();
}
