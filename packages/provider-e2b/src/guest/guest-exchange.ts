import { GuestGoneError, openAnswer, sealRequest, type GuestExchange } from '@sandport/provider-kit';
import { E2bFailure } from '../http/e2b-failure.ts';
import type { GuestWay } from './guest-way.ts';

/** From the end of the supervisor's waiting to the answer's arrival. A call that got none must leave time for another before a program counts as not started. */
const ANSWER_SLACK_MS = 5000;

/** What goes over the slowest line that is waited for. */
const SLOWEST_BYTES_PER_MS = 128;

/** How exchanges are carried out in one sandbox. */
export interface GuestExchangeOptions {
  readonly way: GuestWay;
  /** Where boot.py has put everything. */
  readonly folder: string;
  readonly secret: Uint8Array;
  /** Has the service see to it that the sandbox runs; `false` when it has it no more. */
  readonly revive: (signal: AbortSignal) => Promise<boolean>;
}

/** Exchanges by a way into the sandbox. What looks like a sandbox that has gone is one only when the service says so itself: gateways say it, too. */
export function guestExchange({ way, folder, secret, revive }: GuestExchangeOptions): GuestExchange {
  return async (request, signal) => {
    const sealed = sealRequest(secret, request);
    const timeoutMs = request.waitMs + ANSWER_SLACK_MS + Math.ceil(request.data.length / SLOWEST_BYTES_PER_MS);
    let bytes: Buffer | 'gone' | undefined;
    try {
      bytes = await way.ask(folder, sealed, { signal, timeoutMs });
    } catch (error) {
      if (!(error instanceof E2bFailure) || signal.aborted) throw error;
      const [there] = await Promise.allSettled([revive(signal)]);
      if (there.status === 'fulfilled' && !there.value) throw new GuestGoneError('the sandbox has ended');
      throw error;
    }
    if (bytes === 'gone') throw new GuestGoneError('the supervisor has ended');
    const answer = bytes === undefined ? undefined : openAnswer(secret, sealed, bytes);
    if (answer === undefined) throw new E2bFailure({ plane: 'envd', action: 'SendInput', kind: 'unreadable' });
    return answer;
  };
}
