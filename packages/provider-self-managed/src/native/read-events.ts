import { describeIssue } from '@sandport/core';
import { MEDIA_TYPES } from '@sandport/executor-api';
import { parseJson } from '@sandport/provider-kit';
import type { z } from 'zod';
import { ExecutorFailure } from '../http/executor-failure.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http/http-client.ts';
import { readLines } from '../http/read-lines.ts';
import { invalidAnswer } from '../self-managed-errors.ts';

/** How the events of an answer are read. */
export interface ReadEventsOptions<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** Most bytes of one event. */
  readonly mostBytes: number;
  /** Longest time between two bytes. */
  readonly silenceMs: number;
  /** That of the request. */
  readonly signal: AbortSignal;
}

/**
 * The events of an answer, each checked.
 *
 * @throws ExecutorFailure when it breaks off or is no stream of events; SandboxError `RESPONSE_INVALID` naming the field; the signal's reason.
 */
export async function* readEvents<Schema extends z.ZodType>(
  client: HttpClient,
  request: HttpRequest,
  answer: HttpAnswer,
  { schema, mostBytes, silenceMs, signal }: ReadEventsOptions<Schema>,
): AsyncGenerator<z.output<Schema>, void, undefined> {
  const facts = { action: request.action, host: request.endpoint.host };
  if (answer.mediaType !== MEDIA_TYPES.lines) {
    answer.discard();
    throw new ExecutorFailure({ ...facts, kind: 'unreadable', status: answer.status, code: 'NOT_EVENTS' });
  }
  const toFailure = (kind: 'unreadable' | 'unreachable', code: string): ExecutorFailure => new ExecutorFailure({ ...facts, kind, code });
  const lines = readLines(answer.body, { mostBytes, silenceMs, toFailure });
  for (;;) {
    const step = await lines.next().catch((error: unknown) => {
      throw client.failureOf(request, error, signal);
    });
    if (step.done === true) return;
    yield parseEvent(schema, step.value, facts);
  }
}

function parseEvent<Schema extends z.ZodType>(schema: Schema, line: string, facts: { action: string; host: string }): z.output<Schema> {
  const json = parseJson(line);
  if (json === undefined) throw new ExecutorFailure({ ...facts, kind: 'unreadable', code: 'NOT_JSON' });
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'event');
  throw invalidAnswer(facts.action, facts.host, field, message, parsed.error);
}
