import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, AnswerStream } from './answer.ts';
import type { ReceivedRequest } from './received-request.ts';

/** One request, and what can be done about it. */
export interface Exchange {
  readonly request: ReceivedRequest;
  /** Fires when the connection has gone: the caller left, it was cut, or the server closes. */
  readonly gone: AbortSignal;
  /** Whether it was cut here. */
  readonly wasCut: () => boolean;
  send(answer: Answer): void;
  /** Sends the head of an answer, whose body comes in pieces. */
  open(status: number, headers: Readonly<Record<string, string>>): AnswerStream;
  /** Sends the head of an answer and half of its body, and resets the connection. */
  sendHalf(answer: Answer): void;
  /** Resets the connection. */
  cut(): void;
}

export interface LocalServer {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. A handler that fails is a fault of the fake: its caller gets status 500 and the error's text. */
export async function startLocalServer(maxBodyBytes: number, handle: (exchange: Exchange) => Promise<void> | void): Promise<LocalServer> {
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      // A caller who went away, or has his answer, needs none.
      if (response.destroyed || response.headersSent) return;
      send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: Buffer.from(`The fake failed: ${String(error)}`) });
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await handle(exchangeOf(await receive(request, maxBodyBytes), response));
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage, maxBodyBytes: number): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped: a caller who still sends would not see an answer.
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  const target = request.url ?? '/';
  const question = target.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: question < 0 ? target : target.slice(0, question),
    queryText: question < 0 ? '' : target.slice(question + 1),
    headers: joinHeaders(request.rawHeaders),
    body: Buffer.concat(chunks),
    isTooLarge: size > maxBodyBytes,
  };
}

function joinHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

function exchangeOf(request: ReceivedRequest, response: ServerResponse): Exchange {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  let wasCut = false;
  const cut = (): void => {
    wasCut = true;
    const { socket } = response;
    // Whoever has left already needs no reset, and a socket that is being closed fails at it and stays open for ever.
    if (socket?.writableEnded === true) socket.destroy();
    else socket?.resetAndDestroy();
  };
  return {
    request,
    gone: gone.signal,
    wasCut: () => wasCut,
    send: (answer) => send(response, answer),
    open: (status, headers) => {
      response.writeHead(status, headers);
      response.flushHeaders();
      return {
        gone: gone.signal,
        write: (piece) =>
          new Promise((resolve) => {
            if (response.destroyed || piece.length === 0) resolve();
            // The callback comes with an error as well, when the connection has gone.
            else response.write(piece, () => resolve());
          }),
        end: () => void response.end(),
        cut,
      };
    },
    sendHalf: (answer) => {
      response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
      // What was written last is only on its way when the callback comes.
      response.write(answer.body.subarray(0, Math.ceil(answer.body.length / 2)), cut);
    },
    cut,
  };
}

function send(response: ServerResponse, answer: Answer): void {
  const headers: Record<string, string | number> = { ...answer.headers };
  if (answer.status !== 204) headers['content-length'] = answer.body.length;
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}
