import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { EngineAnswer } from './engine-connection.ts';
import { callOf, guardRequest, type GuardedRequest, type GuardSight } from './guarded-request.ts';
import { RefusedRequest } from './refused-request.ts';

const MAX_BODY_BYTES = 256 * 1024;
/** Longer than a caller keeps a connection that is idle, so that it is the caller who closes it. */
const KEEP_ALIVE_MS = 60_000;

/** What a guard is told. */
export interface EngineGuardOptions extends GuardSight {
  /** Hears of each request that was refused, and why. */
  readonly onRefusal?: ((method: string, target: string, error: Error) => void) | undefined;
}

/**
 * Stands between an executor and its engine and lets pass what sandboxes need. Who holds an engine's socket is root on its machine; who holds a guard's can
 * make, use and remove sandboxes.
 */
export class EngineGuard {
  readonly #options: EngineGuardOptions;
  readonly #server: Server;
  readonly #streams = new Set<Duplex>();

  constructor(options: EngineGuardOptions) {
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => void this.#join(request, socket, head));
  }

  async listen(socketPath: string): Promise<void> {
    this.#server.listen(socketPath);
    await once(this.#server, 'listening');
  }

  /** Ends every connection. Containers whose streams end here end, too. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    for (const stream of this.#streams) stream.destroy();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const guarded = await this.#guard(request);
      if (guarded.kind === 'attach') throw new RefusedRequest(400, 'A stream needs an upgrade of the connection.');
      // Whoever went away meanwhile has withdrawn the call, and may have looked already whether it left something.
      if (response.destroyed) return;
      const asked = this.#options.engine.open(guarded);
      response.once('close', () => void asked.destroy());
      const answered = once(asked, 'response');
      asked.end(guarded.body);
      // What `response` gives is a message; the types of `once` do not know the event.
      const [answer] = (await answered) as [IncomingMessage];
      const type = answer.headers['content-type'];
      response.writeHead(answer.statusCode ?? 502, type === undefined ? {} : { 'Content-Type': type });
      // Events may say nothing for a long time; whoever asked for them wants to know that they come.
      response.flushHeaders();
      await pipeline(answer, response);
    } catch (error) {
      this.#refuse(request, error);
      if (response.headersSent) response.destroy();
      else response.writeHead(statusOf(error), { 'Content-Type': 'application/json' }).end(bodyOf(error));
    }
  }

  /** The stream of a container: after the engine's word all bytes go through as they are. */
  async #join(request: IncomingMessage, near: Duplex, head: Buffer): Promise<void> {
    this.#hold(near);
    try {
      const guarded = await this.#guard(request, head);
      if (guarded.kind !== 'attach') throw new RefusedRequest(400, 'This call is no stream.');
      if (near.destroyed) return;
      const asked = this.#options.engine.open(guarded);
      near.once('close', () => void asked.destroy());
      const far = await new Promise<Duplex>((resolve, reject) => {
        asked.once('error', reject);
        asked.once('response', (answer) => {
          text(answer).then((said) => reject(new EngineAnswer(answer.statusCode ?? 502, said)), reject);
        });
        asked.once('upgrade', (_answer, socket, first) => {
          near.write(
            'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
          );
          if (first.length > 0) near.write(first);
          resolve(socket);
        });
        asked.end();
      });
      this.#hold(far);
      near.once('close', () => void far.destroy());
      far.once('close', () => void near.destroy());
      near.pipe(far);
      far.pipe(near);
    } catch (error) {
      this.#refuse(request, error);
      const body = bodyOf(error);
      near.end(
        `HTTP/1.1 ${statusOf(error)} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    }
  }

  #hold(stream: Duplex): void {
    this.#streams.add(stream);
    stream.once('close', () => void this.#streams.delete(stream));
    stream.on('error', () => void stream.destroy());
  }

  /** @param head what came with the request to change the connection: the beginning of a stream, which may not come before its answer. */
  async #guard(request: IncomingMessage, head?: Buffer): Promise<GuardedRequest> {
    const matched = callOf(request.method ?? '', request.url ?? '');
    if (head !== undefined && head.length > 0) throw new RefusedRequest(400, 'A stream begins after its answer.');
    return guardRequest(matched, head === undefined ? await bodyTextOf(request) : '', this.#options);
  }

  #refuse(request: IncomingMessage, error: unknown): void {
    if (error instanceof RefusedRequest) this.#options.onRefusal?.(request.method ?? '', request.url ?? '', error);
  }
}

async function bodyTextOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    // Read to its end all the same: whoever still writes would not hear the answer.
    if (bytes <= MAX_BODY_BYTES) pieces.push(piece);
  }
  if (bytes > MAX_BODY_BYTES) throw new RefusedRequest(413, `A body has at most ${MAX_BODY_BYTES} bytes.`);
  return Buffer.concat(pieces).toString('utf8');
}

function statusOf(error: unknown): number {
  return error instanceof RefusedRequest || error instanceof EngineAnswer ? error.statusCode : 502;
}

function bodyOf(error: unknown): string {
  if (error instanceof EngineAnswer) return error.message;
  return JSON.stringify({ message: error instanceof Error ? error.message : String(error) });
}
