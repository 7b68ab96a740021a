import { Buffer } from 'node:buffer';
import { deferred, type Deferred } from '@sandport/provider-kit';
import { toDataFailure } from '../http/data-failure.ts';
import { E2bFailure } from '../http/e2b-failure.ts';
import type { SdkCommandHandle } from '../sdk/e2b-sdk.ts';

/** The longest line that is kept: an answer, in base64. */
const LONGEST_LINE_CHARACTERS = 4 * 1024 * 1024;
/** How much of what is no answer is kept: what boot.py prints, and what a profile of the shell prints before it. */
const LONGEST_TALK_CHARACTERS = 64 * 1024;

const ANSWER = /^([0-9a-f]{32}):([A-Za-z0-9+/=]*|gone):\1$/;

/** A process in the sandbox that carries requests for as long as its stream holds. */
export class RunningRelay {
  /** The lines that are no answers. */
  talk = '';
  /** What came over its stream, in characters. The SDK keeps all of it. */
  carried = 0;
  #handle: SdkCommandHandle | undefined;
  #line: string[] = [];
  #lineLength = 0;
  #end: E2bFailure | undefined;
  readonly #pending = new Map<string, Deferred<Buffer | 'gone'>>();
  readonly #talked: (() => void)[] = [];

  get processId(): number {
    return this.#handle?.pid ?? 0;
  }

  /** Why nothing follows; nothing while something may. */
  get end(): E2bFailure | undefined {
    return this.#end;
  }

  /** Its process has begun. Settles by itself when that ends, or its stream does. */
  attach(handle: SdkCommandHandle): void {
    this.#handle = handle;
    handle.wait().then(
      () => this.finish(new E2bFailure({ plane: 'envd', action: 'RunCommand', kind: 'refused', exitCode: 0 })),
      (error: unknown) => this.finish(toDataFailure('RunCommand', error)),
    );
  }

  /** Takes what came over its stream, in whatever pieces. */
  take(text: string): void {
    this.carried += text.length;
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#keep(text.slice(from, at));
      // Of one that is too long something is missing.
      if (this.#lineLength <= LONGEST_LINE_CHARACTERS) this.#takeLine(this.#line.join(''));
      this.#line = [];
      this.#lineLength = 0;
      from = at + 1;
    }
    this.#keep(text.slice(from));
  }

  #keep(piece: string): void {
    this.#lineLength += piece.length;
    if (this.#lineLength <= LONGEST_LINE_CHARACTERS) this.#line.push(piece);
  }

  /** Resolves when something was said that is no answer, or nothing follows. */
  async talked(): Promise<void> {
    if (this.#end !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#talked.push(resolve);
    });
  }

  /** The answer to the request with this nonce. */
  async answerTo(nonce: string): Promise<Buffer | 'gone'> {
    if (this.#end !== undefined) throw this.#end;
    const pending = deferred<Buffer | 'gone'>();
    this.#pending.set(nonce, pending);
    try {
      return await pending.promise;
    } finally {
      this.#pending.delete(nonce);
    }
  }

  /** Nothing follows. */
  finish(reason: E2bFailure): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    for (const pending of this.#pending.values()) pending.reject(reason);
    for (const resolve of this.#talked.splice(0)) resolve();
  }

  /** Lets go of its stream. The process itself is another matter. */
  letGo(): void {
    this.finish(new E2bFailure({ plane: 'envd', action: 'RunCommand', kind: 'unreachable', code: 'CLOSED' }));
    void this.#handle?.disconnect().catch(() => undefined);
  }

  #takeLine(line: string): void {
    const [, nonce, text] = ANSWER.exec(line) ?? [];
    if (nonce === undefined || text === undefined) {
      this.talk = `${this.talk}${line}\n`.slice(-LONGEST_TALK_CHARACTERS);
      for (const resolve of this.#talked.splice(0)) resolve();
      return;
    }
    // The answer to a request that was given up finds nobody.
    this.#pending.get(nonce)?.resolve(text === 'gone' ? 'gone' : Buffer.from(text, 'base64'));
  }
}
