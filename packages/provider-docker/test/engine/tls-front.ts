import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { certificate } from './fake-engine.ts';

/** A TLS address in front of the engine at hand, which lets in who has the client certificate only. */
export class TlsFront {
  readonly #server;
  readonly #sockets = new Set<Socket>();

  private constructor(engineSocket: string) {
    const identity = { ca: certificate('ca'), cert: certificate('engine-cert'), key: certificate('engine-key') };
    // An attached container's input ends while its output goes on: each direction has an end of its own.
    this.#server = createServer({ ...identity, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true }, (near) => {
      const far = connect({ path: engineSocket, allowHalfOpen: true });
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.once('error', () => socket.destroy());
        socket.once('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  /** @param dockerHost the engine, `unix:///…` */
  static async open(dockerHost: string): Promise<TlsFront> {
    const front = new TlsFront(dockerHost.replace(/^unix:\/\//, ''));
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  /** What a provider's configuration needs to pass it. */
  get access() {
    // A server that listens on a port has an address of this shape.
    const { port } = this.#server.address() as AddressInfo;
    return {
      dockerHost: `tcp://127.0.0.1:${port}`,
      tlsCa: certificate('ca'),
      tlsCert: certificate('client-cert'),
      tlsKey: certificate('client-key'),
    };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
