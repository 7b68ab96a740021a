import { OUTPUT_WINDOW_BYTES } from './execution-order.ts';
import { jsonBody, type LineRequest, type SandboxLine } from './sandbox-line.ts';

/** Tells an executor how much of a program's output was taken, so that it writes more. */
export class TakenOutput {
  readonly #line: SandboxLine;
  #bytes = 0;
  #toldBytes = 0;

  constructor(line: SandboxLine) {
    this.#line = line;
  }

  /** Notes what was taken. It is told now and then: each word says what the one before did, should that be lost. */
  note(execution: string, text: string): void {
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes - this.#toldBytes < OUTPUT_WINDOW_BYTES / 2) return;
    this.#toldBytes = this.#bytes;
    const { client } = this.#line;
    const request: LineRequest = {
      action: 'take output',
      method: 'POST',
      route: 'executionTaken',
      parameters: { execution },
      body: jsonBody({ bytes: this.#bytes }),
    };
    client.call(this.#line.request(request), { isSafe: true, timeoutMs: client.requestTimeoutMs }).catch(() => undefined);
  }
}
