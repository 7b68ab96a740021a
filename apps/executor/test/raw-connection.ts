import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which anything can be said. */
export class RawConnection implements Disposable {
  readonly socket: Socket;
  #received = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    // A far side that ends a connection while it is being written to is what these tests are about.
    socket.on('error', () => socket.destroy());
  }

  /** @param address `http://host:port` */
  static async open(address: string): Promise<RawConnection> {
    const { hostname, port } = new URL(address);
    const connection = new RawConnection(connect({ host: hostname, port: Number(port), allowHalfOpen: true }));
    await once(connection.socket, 'connect');
    connection.socket.on('data', (piece: Buffer) => {
      connection.#received += piece.toString('latin1');
    });
    return connection;
  }

  /** What has come so far. */
  get received(): string {
    return this.#received;
  }

  send(text: string | Uint8Array): this {
    this.socket.write(text);
    return this;
  }

  /** Everything that comes until the far side ends the connection, in whatever way. */
  async untilEnd(withinMs = 10_000): Promise<string> {
    const { socket } = this;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`It did not end after: ${this.#received.slice(0, 500)}`)), withinMs);
      const over = (): void => {
        clearTimeout(timer);
        resolve();
      };
      if (socket.readableEnded || socket.destroyed) over();
      else socket.once('end', over).once('close', over);
    });
    return this.#received;
  }

  /** Everything that has come once this is within it. */
  async until(pattern: RegExp, withinMs = 10_000): Promise<string> {
    const signal = AbortSignal.timeout(withinMs);
    while (!pattern.test(this.#received)) {
      if (this.socket.readableEnded || this.socket.destroyed) throw new Error(`It ended after: ${this.#received.slice(0, 500)}`);
      await Promise.race([
        once(this.socket, 'data', { signal }),
        once(this.socket, 'end', { signal }),
        once(this.socket, 'close', { signal }),
      ]);
    }
    return this.#received;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** What one connection says to one text. */
export async function answerTo(address: string, text: string | Uint8Array): Promise<string> {
  const connection = await RawConnection.open(address);
  try {
    return await connection.send(text).untilEnd();
  } finally {
    connection.socket.destroy();
  }
}

/** The status of an answer as it came over the wire; 0 for none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
}
