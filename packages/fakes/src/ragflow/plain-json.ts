import type { Answer } from '../http/answer.ts';

/** JSON as the service's framework sends it: without a word about characters. */
export function plainJson(status: number, value: unknown): Answer {
  return plainJsonText(status, JSON.stringify(value));
}

/** As {@link plainJson}, of text that is JSON. */
export function plainJsonText(status: number, json: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(json) };
}
