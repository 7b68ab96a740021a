import { Buffer } from 'node:buffer';
import type { RemoteFailure } from '@sandport/provider-kit';
import { FELL_SILENT } from './executor-failure.ts';

/** How an answer in lines is read. */
export interface ReadLinesOptions {
  /** Most bytes of one line. */
  readonly mostBytes: number;
  /** Longest time that is waited for the next byte. What passes while nobody reads does not count. */
  readonly silenceMs: number;
  /** What is thrown for lines that break a rule, and for silence. */
  readonly toFailure: (kind: 'unreadable' | 'unreachable', code: string) => RemoteFailure;
}

const NEWLINE = 0x0a;

/** A process that was busy itself has not looked at what came meanwhile. */
const SECOND_LOOK_MS = 100;

/** The lines of an answer, as they come. An end within a line is not taken for the end of the line. */
export async function* readLines(body: AsyncIterable<Uint8Array>, options: ReadLinesOptions): AsyncGenerator<string, void, undefined> {
  const { mostBytes, toFailure } = options;
  const iterator = body[Symbol.asyncIterator]();
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  for (;;) {
    const step = await nextWithin(iterator, options);
    if (step.done === true) break;
    let rest = step.value;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      if (begunBytes + end > mostBytes) throw toFailure('unreadable', 'LINE_TOO_LONG');
      yield textOf(Buffer.concat([...begun, rest.subarray(0, end)]), toFailure);
      begun = [];
      begunBytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.byteLength > 0) begun.push(rest);
    begunBytes += rest.byteLength;
    if (begunBytes > mostBytes) throw toFailure('unreadable', 'LINE_TOO_LONG');
  }
  if (begunBytes > 0) throw toFailure('unreadable', 'HALF_A_LINE');
}

/** The next piece of an answer, unless nothing comes for too long. */
export async function nextWithin(
  iterator: AsyncIterator<Uint8Array>,
  { silenceMs, toFailure }: Omit<ReadLinesOptions, 'mostBytes'>,
): Promise<IteratorResult<Uint8Array>> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(toFailure('unreachable', FELL_SILENT));
    timer = setTimeout(() => {
      timer = setTimeout(fail, SECOND_LOOK_MS);
    }, silenceMs);
  });
  try {
    return await Promise.race([iterator.next(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

function textOf(bytes: Uint8Array, toFailure: ReadLinesOptions['toFailure']): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    // Not UTF-8, or longer than any string can be.
    const failure = toFailure('unreadable', 'NOT_TEXT');
    failure.cause = error;
    throw failure;
  }
}
