import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a fake engine answers, by method and path without its query; the rest is 404. */
export type FakeAnswers = Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;

/** The PEM files that the tests share, by their names without `.pem`. */
export function certificate(name: 'ca' | 'engine-cert' | 'engine-key' | 'client-cert' | 'client-key'): string {
  return readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8');
}

/** Answers with a JSON document. */
function json(document: unknown) {
  return (_request: IncomingMessage, response: ServerResponse): void => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(document));
  };
}

/** As a Docker engine describes itself. */
export const DOCKER_ANSWERS: FakeAnswers = {
  'GET /info': json({
    ServerVersion: '28.0.0',
    OperatingSystem: 'Test OS',
    Runtimes: { runc: {} },
    CgroupVersion: '2',
    Architecture: 'x86_64',
  }),
  'GET /version': json({ Components: [{ Name: 'Engine' }] }),
};

/** An HTTP server that answers as an engine would, until the test is over or it is stopped. */
export class FakeEngine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(answers: FakeAnswers, isEncrypted = false) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const key = `${request.method} ${(request.url ?? '').split('?')[0]}`;
      const known = answers[key];
      if (known !== undefined) return known(request, response);
      response.statusCode = 404;
      json({ message: `nothing at ${key}` })(request, response);
    };
    const identity = { ca: certificate('ca'), cert: certificate('engine-cert'), key: certificate('engine-key') };
    this.#server = isEncrypted
      ? createTlsServer({ ...identity, requestCert: true, rejectUnauthorized: true }, answer)
      : createServer(answer);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    onTestFinished(() => this.stop());
  }

  /** Listens on a path, or on a free port of this machine. */
  async listen(path?: string): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      if (path === undefined) this.#server.listen(0, '127.0.0.1', resolve);
      else this.#server.listen(path, resolve);
    });
    return this;
  }

  get port(): number {
    // A server that listens on a port has an address of this shape.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Breaks every connection, as an engine that is killed, and listens no more. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
