import type { Caller } from '../server/handler.ts';

/** Who the audit says it was. */
export function actorOf(caller: Caller | null): string {
  if (caller === null) throw new Error('A route that asks who acts must not be open to everybody.');
  return caller.name;
}
