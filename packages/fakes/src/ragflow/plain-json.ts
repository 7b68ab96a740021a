import { jsonAnswer, type Answer } from '../http/answer.ts';

/** JSON as the service's framework sends it: without a word about characters. */
export function plainJson(status: number, value: unknown): Answer {
  return jsonAnswer(status, value, { 'content-type': 'application/json' });
}
