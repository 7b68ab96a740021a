import type { AnswerStream } from '../../http/answer.ts';
import type { Call, StreamedAnswer } from '../call.ts';
import { findE2bFault } from '../e2b-fault.ts';
import type { PieceQueue } from '../state/piece-queue.ts';
import type { ExecutionEvent } from './execution-events.ts';

/** Code that runs, or waits for its turn. */
export interface RunningExecution {
  readonly queue: PieceQueue<ExecutionEvent>;
  /** Resolves when it is over, however it went. */
  readonly over: Promise<void>;
  /** Interrupts it, or takes it out of the queue. */
  readonly interrupt: () => void;
}

/** The lines of one event, as the faults of the call want them. */
function linesOf(call: Call, event: ExecutionEvent): Buffer[] {
  if (event.type === 'end_of_execution' && findE2bFault(call.faults, 'no-end-of-execution') !== undefined) return [];
  const blank = findE2bFault(call.faults, 'blank-line') === undefined ? '' : '\n';
  return splitEvent(call, event).map((part) => Buffer.from(`${blank}${JSON.stringify(part)}\n`));
}

function splitEvent(call: Call, event: ExecutionEvent): ExecutionEvent[] {
  const split = findE2bFault(call.faults, 'split-output');
  const { text } = event;
  if (split === undefined || (event.type !== 'stdout' && event.type !== 'stderr') || typeof text !== 'string') return [event];
  const characters = Array.from(text);
  const size = split.pieceBytes ?? 1;
  const parts: ExecutionEvent[] = [];
  for (let start = 0; start < characters.length; start += size)
    parts.push({ ...event, text: characters.slice(start, start + size).join('') });
  return parts;
}

/** Sends what code does until it is over. When nobody listens any more, it is interrupted. */
export function streamExecution(call: Call, { queue, over, interrupt }: RunningExecution): StreamedAnswer {
  const leave = (): void => {
    queue.discard();
    interrupt();
  };
  const { keepAlives, interpreterKeepAliveMs } = call.state.settings;
  const isKeptAlive = keepAlives && findE2bFault(call.faults, 'no-keepalives') === undefined;
  const pump = async (stream: AnswerStream): Promise<void> => {
    stream.gone.addEventListener('abort', leave, { once: true });
    if (stream.gone.aborted) leave();
    for (;;) {
      const next = await queue.next(isKeptAlive ? interpreterKeepAliveMs : Number.POSITIVE_INFINITY);
      if (next === 'closed') break;
      for (const line of linesOf(call, next === 'idle' ? { type: 'keepalive' } : next.piece)) await stream.write(line);
    }
    stream.gone.removeEventListener('abort', leave);
    stream.end();
  };
  const abandon = async (): Promise<void> => {
    queue.discard();
    await over;
  };
  // The server names it so, although it is one JSON text a line.
  return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, pump, abandon };
}
