import { Buffer } from 'node:buffer';
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came by. */
export interface PassedRequest {
  readonly method: string;
  /** With its query, not decoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface GatewayOptions {
  /** What is asked for in place of a path. */
  readonly toPath?: (path: string) => string;
}

/** Stands between a client and a fake, as load balancers do: sees what is sent, and loses its connections when it is told to. */
export class Gateway implements AsyncDisposable {
  readonly passed: PassedRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: string, { toPath = (path) => path }: GatewayOptions) {
    this.#server = createServer((request, response) => void this.#pass(new URL(target), toPath, request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async open(target: string, options: GatewayOptions = {}): Promise<Gateway> {
    const gateway = new Gateway(target, options);
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests whose paths end so, without their queries. */
  to(ending: string): PassedRequest[] {
    return this.passed.filter(({ path }) => path.split('?')[0]?.endsWith(ending) === true);
  }

  /** Resets every connection that there is. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #pass(target: URL, toPath: (path: string) => string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', rawHeaders } = request;
    const body = await buffer(request);
    const headers = Object.fromEntries(pairsOf(rawHeaders));
    this.passed.push({ method, path, headers, body: body.toString() });
    // The whole body is known here.
    const { 'transfer-encoding': _, ...kept } = headers;
    const onward = httpRequest(
      {
        host: target.hostname,
        port: target.port,
        method,
        path: toPath(path),
        headers: { ...kept, 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
        answer.on('error', () => response.socket?.resetAndDestroy());
      },
    );
    onward.on('error', () => response.socket?.resetAndDestroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
  }
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? '']] : [],
  );
}
