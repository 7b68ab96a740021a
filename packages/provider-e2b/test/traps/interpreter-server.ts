import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Pieces of a body, in the time that they take. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What the server for code of a sandbox sends, byte for byte, to whatever it is asked to run. */
export class InterpreterServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(status: number, pieces: Pieces) {
    this.#server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/x-ndjson' });
      pipeline(Readable.from(pieces, { objectMode: false }), response).catch(() => response.destroy());
    });
  }

  static async open(status: number, pieces: Pieces): Promise<InterpreterServer> {
    const server = new InterpreterServer(status, pieces);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
