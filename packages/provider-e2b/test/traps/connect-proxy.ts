import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy as companies have them: tunnels by `CONNECT`, and counts what comes through. */
export class ConnectProxy implements AsyncDisposable {
  /** How often each address was asked for. */
  readonly tunnels: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: string | undefined) {
    this.#server = createServer((_request, response) => response.writeHead(405).end());
    this.#server.on('connect', ({ url = '' }, client: Socket) => {
      this.tunnels.push(url);
      const [host, port] = (target ?? url).split(':');
      const onward = connect(Number(port), host, () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
      client.pipe(onward).pipe(client);
      for (const socket of [client, onward]) {
        this.#sockets.add(socket);
        socket.on('error', () => [client, onward].forEach((one) => one.destroy()));
        socket.once('close', () => this.#sockets.delete(socket));
      }
    });
  }

  /** @param target Where all tunnels lead. By default each leads where it is asked to. */
  static async open(target?: string): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
