import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A balancer that knows nothing: each call goes to the next executor, as it comes. A far side that cannot be reached, or breaks off, breaks the near side off. */
export class Balancer implements AsyncDisposable {
  readonly #targets: readonly string[];
  readonly #server = createServer((near, answer) => this.#handOn(near, answer));
  #next = 0;

  private constructor(targets: readonly string[]) {
    this.#targets = targets;
  }

  static async start(targets: readonly string[]): Promise<Balancer> {
    const balancer = new Balancer(targets);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get address(): string {
    // A server that listens on a port has an address of this shape.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #handOn(near: IncomingMessage, answer: ServerResponse): void {
    const target = this.#targets[this.#next % this.#targets.length];
    this.#next += 1;
    const far = request(new URL(near.url ?? '/', target), { method: near.method, headers: near.headers, agent: false }, (farAnswer) => {
      answer.writeHead(farAnswer.statusCode ?? 502, farAnswer.headers);
      farAnswer.on('error', () => answer.destroy());
      farAnswer.pipe(answer);
    });
    far.on('error', () => answer.destroy());
    near.on('error', () => far.destroy());
    answer.once('close', () => far.destroy());
    near.pipe(far);
  }
}
