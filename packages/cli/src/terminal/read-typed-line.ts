import { StringDecoder } from 'node:string_decoder';
import { SandboxError } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { Interruption } from '../interruption.ts';
import { usageError } from '../usage-error.ts';

const KEYS = { interrupt: '\u0003', endOfInput: '\u0004', backspace: '\b', clearLine: '\u0015', delete: '\u007f' } as const;

/** A terminal that is read key by key gives the first of them for the return key. */
const LINE_ENDS = ['\r', '\n', KEYS.endOfInput];

/** What is asked for. */
export interface TypedField {
  readonly name: string;
  /** What to do instead of typing it, for the advice when what was typed is unfit. */
  readonly instead: string;
}

/**
 * The next line that the person at the terminal types.
 *
 * @throws SandboxError `CANCELLED` when the person gives up, `REQUEST_INVALID` for what cannot have been typed on purpose.
 */
export function readTypedLine({ stdin, signal }: Pick<CliContext, 'stdin' | 'signal'>, field: TypedField): Promise<string> {
  const decoder = new StringDecoder('utf8');
  const line = new TypedLine(field);
  return new Promise((resolve, reject) => {
    const leave = () => {
      stdin.off('data', onData).off('end', onEnd).off('error', onError);
      signal.removeEventListener('abort', onAbort);
    };
    const onError = (error: unknown) => {
      leave();
      reject(error);
    };
    const onEnd = () => onError(givenUp(field));
    const onAbort = () => onError(givenUp(field, signal.reason));
    const onData = (chunk: Uint8Array | string) => {
      try {
        if (!line.type(typeof chunk === 'string' ? chunk : decoder.write(chunk))) return;
        leave();
        resolve(line.text);
      } catch (error) {
        onError(error);
      }
    };
    if (signal.aborted) return onAbort();
    // What has ended tells it once only.
    if (stdin.readableEnded) return onEnd();
    signal.addEventListener('abort', onAbort, { once: true });
    stdin.on('data', onData).once('end', onEnd).once('error', onError);
    // It was paused after the question before.
    stdin.resume();
  });
}

/** What a person has typed so far, in a terminal that does nothing by itself. */
class TypedLine {
  readonly #field: TypedField;
  #characters: string[] = [];

  constructor(field: TypedField) {
    this.#field = field;
  }

  get text(): string {
    return this.#characters.join('');
  }

  /** Takes what came from the keyboard, and says whether the line is over. */
  type(keys: string): boolean {
    const ends = LINE_ENDS.map((key) => keys.indexOf(key)).filter((index) => index !== -1);
    const end = ends.length === 0 ? undefined : Math.min(...ends);
    for (const key of keys.slice(0, end)) this.#press(key);
    if (end === undefined) return false;
    // Somebody has pasted more than a line: the rest would be lost, and nobody would see it.
    if (keys.slice(end + 1).replace(/^\n/, '') !== '') throw unfit(this.#field, 'has more than one line');
    if (keys[end] === KEYS.endOfInput && this.#characters.length === 0) throw givenUp(this.#field);
    return true;
  }

  #press(key: string): void {
    if (key === KEYS.interrupt) throw givenUp(this.#field, new Interruption('SIGINT'));
    if (key === KEYS.backspace || key === KEYS.delete) this.#characters.pop();
    else if (key === KEYS.clearLine) this.#characters = [];
    else if (key < ' ') throw unfit(this.#field, 'has a key in it that gives no character');
    else this.#characters.push(key);
  }
}

function unfit({ name, instead }: TypedField, finding: string): SandboxError {
  return usageError(`${name}: what was typed ${finding}. Nothing was stored.`, `Type it again, or ${instead}.`);
}

function givenUp({ name }: TypedField, cause?: unknown): SandboxError {
  return new SandboxError('CANCELLED', `${name}: nothing was given. Nothing was stored.`, { cause });
}
