import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ALIVE_INTERVAL_MS, MEDIA_TYPES } from '@sandport/executor-api';
import type { FastifyReply } from 'fastify';
import { endUnlessTaken } from './answer-deadline.ts';

/** An event, as JSON. */
export interface WrittenEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** How a stream of events is written. */
export type EventFormat = 'lines' | 'serverSentEvents';

/** What of `Accept` asks for a stream of events; `undefined` when a document is wanted. */
export function wantedFormat(accept: string | undefined): EventFormat | undefined {
  const types = (accept ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  if (types.includes(MEDIA_TYPES.lines)) return 'lines';
  return types.includes(MEDIA_TYPES.serverSentEvents) ? 'serverSentEvents' : undefined;
}

/** An answer that is written event by event. `alive` goes out whenever nothing else has for a while. */
export class EventWriter {
  readonly #reply: FastifyReply;
  readonly #format: EventFormat;
  readonly #timer: NodeJS.Timeout;

  /** @param answerTimeoutMs Longest time in which the reader takes nothing of what lies ready. */
  constructor(reply: FastifyReply, format: EventFormat, answerTimeoutMs: number) {
    this.#reply = reply;
    this.#format = format;
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': MEDIA_TYPES[format],
      'cache-control': 'no-store',
      // Proxies that gather answers would hold events back.
      'x-accel-buffering': 'no',
    });
    endUnlessTaken(reply.raw, answerTimeoutMs);
    this.#timer = this.#startTimer();
  }

  /** Resolves when there is room for more. A reader that is gone is nobody to wait for. */
  async write(event: WrittenEvent): Promise<void> {
    const { raw } = this.#reply;
    if (raw.destroyed || raw.writableEnded) return;
    this.#timer.refresh();
    if (!raw.write(this.#encode(event))) await untilEither(raw, 'drain');
  }

  /**
   * Resolves when the reader has it all, or is gone. One that takes nothing for too long is cut off.
   *
   * @param event The last one. Absent: the last one was written.
   */
  async end(event?: WrittenEvent): Promise<void> {
    clearInterval(this.#timer);
    const { raw } = this.#reply;
    if (raw.destroyed || raw.writableEnded) return;
    raw.end(event === undefined ? undefined : this.#encode(event));
    await untilEither(raw, 'finish');
  }

  #encode(event: WrittenEvent): string {
    const json = JSON.stringify(event);
    return this.#format === 'lines' ? `${json}\n` : `event: ${event.type}\ndata: ${json}\n\n`;
  }

  #startTimer(): NodeJS.Timeout {
    const timer = setInterval(() => {
      const { raw } = this.#reply;
      // What is not taken yet says enough.
      if (raw.writableNeedDrain) return;
      if (raw.destroyed || raw.writableEnded) clearInterval(timer);
      else raw.write(this.#encode({ type: 'alive' }));
    }, ALIVE_INTERVAL_MS).unref();
    return timer;
  }
}

async function untilEither(raw: ServerResponse, event: 'drain' | 'finish'): Promise<void> {
  const over = new AbortController();
  const settled = [once(raw, event, { signal: over.signal }), once(raw, 'close', { signal: over.signal })];
  await Promise.race(settled);
  over.abort();
  await Promise.allSettled(settled);
}
