import type { GuestAnswer, GuestRequest } from './sealed-messages.ts';

/** Says something to a supervisor and hears something of it. May be repeated: positions tell what is new. */
export type GuestExchange = (request: GuestRequest, signal: AbortSignal) => Promise<GuestAnswer>;

/** The supervisor is not there any more, or nobody that can be believed. */
export class GuestGoneError extends Error {
  override readonly name = 'GuestGoneError';
}
