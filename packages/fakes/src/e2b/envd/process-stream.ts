import type { AnswerStream } from '../../http/answer.ts';
import type { Call, StreamedAnswer } from '../call.ts';
import { findE2bFault } from '../e2b-fault.ts';
import type { EnvdProcess, ProcessPiece } from '../state/envd-process.ts';
import type { PieceQueue } from '../state/piece-queue.ts';
import { endFrame, messageFrame, STREAM_TYPE } from './connect-protocol.ts';

const eventFrame = (event: Record<string, unknown>): Buffer => messageFrame({ event });

/** How long nothing may be sent, in milliseconds, before an event says that the stream lives. */
function keepAliveMs(call: Call): number {
  const seconds = Number(call.request.headers.get('keepalive-ping-interval') ?? '0');
  const isWanted = call.state.settings.keepAlives && findE2bFault(call.faults, 'no-keepalives') === undefined;
  return isWanted && seconds > 0 ? seconds * 1_000 : Number.POSITIVE_INFINITY;
}

/** The events of one piece. Zero values are left out, as the daemon's protocol does. */
function framesOf(call: Call, piece: Exclude<ProcessPiece, { isOverdue: true }>): Buffer[] {
  if ('end' in piece) {
    if (findE2bFault(call.faults, 'no-end-of-execution') !== undefined) return [];
    const { exitCode, exited, status, error } = piece.end;
    const fields = { exitCode: exitCode === 0 ? undefined : exitCode, exited: exited ? true : undefined, status, error };
    return [eventFrame({ end: fields })];
  }
  const { stream, chunk } = piece;
  const split = findE2bFault(call.faults, 'split-output');
  const size = split === undefined ? chunk.length : (split.pieceBytes ?? 1);
  const frames: Buffer[] = [];
  for (let start = 0; start < chunk.length; start += size)
    frames.push(eventFrame({ data: { [stream]: chunk.subarray(start, start + size).toString('base64') } }));
  return frames;
}

/** Sends what happens to a process until it ends, the time of the stream is over, or nobody listens. The process goes on by itself. */
export function streamProcess(call: Call, process: EnvdProcess, queue: PieceQueue<ProcessPiece>, timeoutMs?: number): StreamedAnswer {
  const deadline = timeoutMs === undefined ? undefined : setTimeout(() => queue.push({ isOverdue: true }), timeoutMs);
  const leave = (): void => {
    clearTimeout(deadline);
    process.detach(queue);
  };
  const pump = async (stream: AnswerStream): Promise<void> => {
    stream.gone.addEventListener('abort', leave, { once: true });
    if (stream.gone.aborted) leave();
    const idleMs = keepAliveMs(call);
    await stream.write(eventFrame({ start: { pid: process.pid } }));
    let isOverdue = false;
    while (!isOverdue) {
      const next = await queue.next(idleMs);
      if (next === 'closed') break;
      if (next === 'idle') await stream.write(eventFrame({ keepalive: {} }));
      else if ('isOverdue' in next.piece) isOverdue = true;
      else for (const frame of framesOf(call, next.piece)) await stream.write(frame);
    }
    leave();
    if (findE2bFault(call.faults, 'no-end-frame') === undefined)
      await stream.write(endFrame(isOverdue ? { code: 'deadline_exceeded', message: 'context deadline exceeded' } : undefined));
    stream.end();
  };
  const abandon = async (): Promise<void> => {
    leave();
    await process.ended;
  };
  return { status: 200, headers: { 'content-type': STREAM_TYPE }, pump, abandon };
}
