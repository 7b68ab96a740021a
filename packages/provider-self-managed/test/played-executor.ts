import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createProvider, type SandboxProvider } from '@sandport/core';
import { CONNECTION_HEADER, MEDIA_TYPES, toServiceProblem } from '@sandport/executor-api';
import { selfManagedProvider } from '../src/index.ts';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Its body, as far as it has come. */
  body: string;
}

/** Answers a request in place of the usual way. */
export type PlayedRoute = (request: IncomingMessage, response: ServerResponse, seen: SeenRequest) => void;

/** A result as an executor sends it. */
export function resultJson(changes: object = {}): Record<string, unknown> {
  return {
    status: 'completed',
    error: null,
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: 0,
    signal: null,
    artifacts: { files: [], omitted: [], complete: true },
    clock: { queueMs: 1, claimMs: 2, startMs: 0.1, runMs: 0.2, collectMs: 0.1, totalMs: 4 },
    evidence: [{ kind: 'exit', observer: 'supervisor', exitCode: 0, signal: null }],
    isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log' },
    providerId: 'docker',
    language: 'python',
    ...changes,
  };
}

export const CANCELLED = resultJson({
  status: 'cancelled',
  exitCode: null,
  evidence: [{ kind: 'abort', observer: 'host' }],
});

const CAPABILITIES = {
  languages: ['python'],
  javascriptRuntime: 'node',
  executionsPerSandbox: 'many',
  streamsOutput: true,
  stdin: true,
  contexts: true,
  richResults: true,
  lifetimes: true,
  reconnect: true,
  files: true,
  artifacts: true,
  environment: true,
  cancellation: true,
  network: ['none'],
  limits: { memory: true, processes: true, disk: true, cpus: true, openFiles: true },
  subprocesses: true,
  maxima: { timeoutMs: 600_000 },
};

/** Begins an answer of events. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': MEDIA_TYPES.lines });
}

export function writeEvent(response: ServerResponse, event: object): void {
  response.write(`${JSON.stringify(event)}\n`);
}

export function answerJson(response: ServerResponse, status: number, document: object, type: string = MEDIA_TYPES.json): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(document));
}

/** Plays an executor: as one should behave, but for the routes that a test plays otherwise. */
export class PlayedExecutor implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  readonly files = new Map<string, Buffer>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #routes = new Map<string, PlayedRoute>();
  readonly #held = new Map<string, ServerResponse>();
  readonly #running = new Map<string, ServerResponse>();
  #lastNumber = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#take(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<PlayedExecutor> {
    const played = new PlayedExecutor();
    await new Promise<void>((resolve) => played.#server.listen(0, '127.0.0.1', resolve));
    return played;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Sandboxes whose makers hold on to them. */
  get heldSandboxes(): number {
    return [...this.#held.values()].filter(({ destroyed }) => !destroyed).length;
  }

  /** Plays a route otherwise: `POST /v1/sandboxes`, with `*` for one part of a path. */
  play(route: string, played: PlayedRoute): void {
    this.#routes.set(route, played);
  }

  /** What was asked of a route. */
  requestsOf(route: string): SeenRequest[] {
    return this.requests.filter(({ method, path }) => isOf(route, method, path));
  }

  provider(config: object = {}): SandboxProvider {
    return createProvider(selfManagedProvider, { endpoint: this.url, maxRetries: 0, ...config });
  }

  /** Cuts every connection, as a process that is killed does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const seen: SeenRequest = { method: request.method ?? '', path, headers: request.headers, body: '' };
    this.requests.push(seen);
    request.on('data', (piece: Buffer) => void (seen.body += piece.toString('latin1')));
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const played = [...this.#routes].find(([route]) => isOf(route, seen.method, path));
    if (played !== undefined) return played[1](request, response, seen);
    request.once('end', () => this.#answer(request, response, seen));
    return undefined;
  }

  #answer(request: IncomingMessage, response: ServerResponse, seen: SeenRequest): void {
    const { method, path } = seen;
    if (isOf('GET /v1/capabilities', method, path)) {
      const answer = { service: 'sandport-executor', specificationVersion: 'v1', executor: 'played', providerId: 'docker' };
      return answerJson(response, 200, { ...answer, capabilities: CAPABILITIES });
    }
    if (isOf('GET /readyz', method, path)) return answerJson(response, 200, { status: 'ready', checks: [] });
    if (isOf('POST /v1/sandboxes', method, path)) return this.#makeSandbox(request, response);
    if (isOf('POST /v1/sandboxes/*/connection', method, path)) return answerJson(response, 200, this.#sandbox(path.split('/')[3] ?? ''));
    if (isOf('PUT /v1/sandboxes/*/lifetime', method, path)) return answerJson(response, 200, this.#sandbox(path.split('/')[3] ?? ''));
    if (isOf('DELETE /v1/sandboxes/*', method, path)) return this.#endSandbox(response, path.split('/')[3] ?? '');
    if (isOf('POST /v1/sandboxes/*/executions', method, path)) return this.#execute(response);
    if (isOf('DELETE /v1/executions/*', method, path)) return this.#withdraw(response, path.split('/')[3] ?? '');
    if (isOf('PUT /v1/executions/*/input', method, path)) return void response.writeHead(204).end();
    if (isOf('POST /v1/sandboxes/*/contexts', method, path)) return answerJson(response, 201, { id: 'context-1' });
    return answerJson(response, 404, toServiceProblem('NOT_FOUND', 'There is nothing at this path.'), MEDIA_TYPES.problem);
  }

  #sandbox(id: string): object {
    this.#lastNumber += 1;
    return { id, connection: `connection-${this.#lastNumber}`, language: 'python', expiresAtMs: Date.now() + 60_000 };
  }

  #makeSandbox(request: IncomingMessage, response: ServerResponse): void {
    const sandbox = this.#sandbox(`sandbox-${this.#lastNumber + 1}`);
    if (!(request.headers.accept ?? '').includes(MEDIA_TYPES.lines)) return answerJson(response, 201, sandbox);
    this.#held.set(String(Reflect.get(sandbox, 'id')), response);
    beginEvents(response);
    return writeEvent(response, { type: 'sandbox', sandbox });
  }

  #endSandbox(response: ServerResponse, id: string): void {
    this.#held.get(id)?.end(`${JSON.stringify({ type: 'ended' })}\n`);
    this.#held.delete(id);
    response.writeHead(204).end();
  }

  #execute(response: ServerResponse): void {
    beginEvents(response);
    writeEvent(response, { type: 'accepted', id: this.hold(response) });
    this.finish(response, { type: 'result', result: resultJson() });
  }

  /** Keeps an execution, to be withdrawn; gives its id. */
  hold(response: ServerResponse): string {
    this.#lastNumber += 1;
    const id = `execution-${this.#lastNumber}`;
    this.#running.set(id, response);
    return id;
  }

  finish(response: ServerResponse, lastWord: object): void {
    response.end(`${JSON.stringify(lastWord)}\n`);
  }

  #withdraw(response: ServerResponse, id: string): void {
    const running = this.#running.get(id);
    if (running !== undefined && !running.writableEnded) this.finish(running, { type: 'result', result: CANCELLED });
    response.writeHead(204).end();
  }
}

function isOf(route: string, method: string, path: string): boolean {
  const [wanted, pattern = ''] = route.split(' ');
  const [parts, wantedParts] = [path.split('/'), pattern.split('/')];
  return (
    wanted === method && parts.length === wantedParts.length && wantedParts.every((part, index) => part === '*' || part === parts[index])
  );
}

/** Whether somebody who asks with this header is the holder. */
export function connectionOf({ headers }: SeenRequest): unknown {
  return headers[CONNECTION_HEADER];
}
