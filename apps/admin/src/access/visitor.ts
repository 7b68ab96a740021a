import type { FastifyRequest } from 'fastify';
import type { Caller } from '../server/handler.ts';

/** A session as it was found with a call. */
export interface LiveSession {
  /** SHA-256 of its secret, by which it is stored. */
  readonly digest: string;
  /** For the header of changes. */
  readonly csrfToken: string;
  /** When it ends for lack of use. */
  readonly idleEndsAtMs: number;
}

/** Somebody who has entered. */
export interface Visitor {
  readonly caller: Caller;
  /** Absent for whoever shows an API token. */
  readonly session?: LiveSession;
}

declare module 'fastify' {
  interface FastifyRequest {
    visitor: Visitor | null;
  }
}

/** Who calls; nothing for somebody who has not entered. */
export function visitorOf({ visitor }: FastifyRequest): Visitor | undefined {
  return visitor ?? undefined;
}
