import { parseJson } from '@sandport/provider-kit';
import { z } from 'zod';
import { E2bFailure } from '../http/e2b-failure.ts';

/** The longest line that is read, in characters: a piece of output or a result. */
const LONGEST_LINE_CHARACTERS = 32 * 1024 * 1024;

const eventSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('stdout'), text: z.string() }),
  z.looseObject({ type: z.literal('stderr'), text: z.string() }),
  z.looseObject({ type: z.literal('error'), name: z.string().catch(''), value: z.string().catch('') }),
  z.looseObject({ type: z.literal('end_of_execution') }),
]);

const typeSchema = z.looseObject({ type: z.string() });

/** What the interpreter said while it ran code. */
export type ExecutionEvent = z.output<typeof eventSchema>;

/**
 * Reads the stream of an execution: one JSON object a line. Characters may be cut between chunks, lines may be long and in many chunks, empty lines mean nothing, and an end without
 * `end_of_execution` is no success: whoever was reached was cut off, or never was the interpreter.
 *
 * @throws E2bFailure `unreadable` for what is no such stream, `unreachable` for one that ends too early.
 */
export async function* readExecution(body: AsyncIterable<Uint8Array>): AsyncGenerator<ExecutionEvent, void, undefined> {
  for await (const line of linesOf(body)) {
    if (line.trim() === '') continue;
    const event = parseEvent(line);
    if (event === undefined) continue;
    yield event;
    if (event.type === 'end_of_execution') return;
  }
  throw new E2bFailure({ plane: 'interpreter', action: 'Execute', kind: 'unreachable', code: 'ENDED_EARLY' });
}

/** Kinds that are not known are passed over: the protocol grows. */
function parseEvent(line: string): ExecutionEvent | undefined {
  const value = parseJson(line);
  const event = eventSchema.safeParse(value);
  if (event.success) return event.data;
  const known: readonly string[] = eventSchema.options.map(({ shape }) => shape.type.value);
  const kind = typeSchema.safeParse(value);
  if (!kind.success || known.includes(kind.data.type)) throw unreadable();
  return undefined;
}

/** Each character is looked at once, however many chunks a line comes in. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      pieces.push(text.slice(from, at));
      yield pieces.join('');
      [pieces, length, from] = [[], 0, at + 1];
    }
    const rest = text.slice(from);
    pieces.push(rest);
    length += rest.length;
    if (length > LONGEST_LINE_CHARACTERS) throw unreadable();
  }
  pieces.push(decoder.decode());
  yield pieces.join('');
}

function unreadable(): E2bFailure {
  return new E2bFailure({ plane: 'interpreter', action: 'Execute', kind: 'unreadable' });
}
