import { errorPayloadOf, EventWriter, toStoppingError, type OpenAnswers } from '@sandport/http-service';
import type { FastifyReply } from 'fastify';

/** An event, as it is written. */
export interface AnyEvent {
  readonly type: string;
}

/** What {@link answerEvents} goes by. */
export interface EventAnswer {
  readonly reply: FastifyReply;
  readonly answers: OpenAnswers;
  readonly answerTimeoutMs: number;
  readonly work: (emit: (event: AnyEvent) => Promise<void>) => Promise<void>;
}

/**
 * Answers a call event by event. It is begun with the first one: what fails before is thrown, for a problem with a status of its own, and what fails later is the last event. Whoever reads slowly slows
 * the work.
 */
export async function answerEvents({ reply, answers, answerTimeoutMs, work }: EventAnswer): Promise<void> {
  let writer: EventWriter | undefined;
  const begin = (): EventWriter => (writer ??= new EventWriter(reply, 'lines', answerTimeoutMs));
  try {
    await work((event) => begin().write({ ...event }));
  } catch (error) {
    if (writer === undefined) throw error;
    await begin().end({ type: 'error', error: errorPayloadOf(answers.isWithdrawn ? toStoppingError(error) : error) });
    return;
  }
  await begin().end();
}
