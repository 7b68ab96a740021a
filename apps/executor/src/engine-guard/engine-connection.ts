import { Buffer } from 'node:buffer';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { GuardedRequest } from './guarded-request.ts';

const DESCRIBE_TIMEOUT_MS = 10_000;

/** What the engine said instead of what was asked. It is told as it is. */
export class EngineAnswer extends Error {
  override readonly name = 'EngineAnswer';
  readonly statusCode: number;

  constructor(statusCode: number, body: string) {
    super(body);
    this.statusCode = statusCode;
  }
}

/** The way from the guard to its engine. */
export class EngineConnection {
  readonly #socketPath: string;

  /** @param socketPath the engine's own socket */
  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Begins a request, on a connection of its own. The caller listens to it and ends it. */
  open({ kind, method, target, body }: GuardedRequest): ClientRequest {
    const isStream = kind === 'attach';
    const asked = request({
      method,
      path: target,
      // An attached container's input ends while its output goes on: each direction has an end of its own.
      createConnection: () => connect({ path: this.#socketPath, allowHalfOpen: true }),
      headers: {
        Host: 'docker',
        Connection: isStream ? 'Upgrade' : 'close',
        ...(isStream ? { Upgrade: 'tcp' } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'POST' ? { 'Content-Length': Buffer.byteLength(body ?? '') } : {}),
      },
    });
    // Whoever waits for the answer hears of it as well. After the answer has begun nobody does, and an error that nobody hears would end the process.
    asked.on('error', () => undefined);
    return asked;
  }

  /**
   * Asks the engine for something on the guard's own behalf.
   *
   * @throws EngineAnswer when the engine's status is not 200.
   */
  async describe(target: string): Promise<unknown> {
    const asked = this.open({ kind: 'plain', method: 'GET', target, body: undefined });
    asked.setTimeout(DESCRIBE_TIMEOUT_MS, () => void asked.destroy(new Error('The engine does not answer.')));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
      asked.end();
    });
    const said = await text(answer);
    if (answer.statusCode !== 200) throw new EngineAnswer(answer.statusCode ?? 502, said);
    return JSON.parse(said);
  }
}
