import { Buffer } from 'node:buffer';
import {
  askingProgram,
  callWithin,
  GuestGoneError,
  NO_ANSWER_IN_TIME,
  openAnswer,
  readRelayOutput,
  RemoteFailure,
  sealRequest,
  type GuestExchange,
} from '@sandport/provider-kit';
import { PROVIDER_ID } from '../new-cloud-errors.ts';
import type { SandboxService } from '../service/sandbox-service.ts';

/** From the end of the supervisor's waiting to the answer's arrival. */
const ANSWER_SLACK_MS = 8000;
/** What goes over the slowest line that is waited for. */
const SLOWEST_BYTES_PER_MS = 128;

/** Whom to speak to. */
export interface GuestExchangeOptions {
  readonly service: SandboxService;
  readonly sandboxId: string;
  /** Where the supervisor was put. */
  readonly folder: string;
  readonly secret: Uint8Array;
}

/** Speaks to the supervisor of a sandbox through programs that carry one request each. The kit repeats what got no answer: the supervisor knows what it has heard. */
export function guestExchange({ service, sandboxId, folder, secret }: GuestExchangeOptions): GuestExchange {
  return async (request, signal) => {
    const sealed = sealRequest(secret, request);
    const relay = await askingProgram(new URL('../../guest/relay.py', import.meta.url));
    const program = Buffer.from(`FOLDER = ${JSON.stringify(folder)}\nREQUEST = "${sealed.bytes.toString('base64')}"\n${relay}`);
    const timeoutMs = request.waitMs + ANSWER_SLACK_MS + Math.ceil(request.data.length / SLOWEST_BYTES_PER_MS);
    let output: string;
    try {
      output = await callWithin({ signal, timeoutMs, providerId: PROVIDER_ID, operation: 'run relay', lateError }, (own) =>
        service.runPython(sandboxId, program, own),
      );
    } catch (error) {
      if (!(error instanceof RemoteFailure) || signal.aborted) throw error;
      // What looks like a sandbox that has gone is one only when the service says so itself.
      const [there] = await Promise.allSettled([service.hasSandbox(sandboxId, signal)]);
      if (there.status === 'fulfilled' && !there.value) throw new GuestGoneError('the sandbox has ended', { cause: error });
      throw error;
    }
    const bytes = readRelayOutput(sealed, output);
    if (bytes === 'gone') throw new GuestGoneError('the supervisor has ended');
    const answer = bytes === undefined ? undefined : openAnswer(secret, sealed, bytes);
    if (answer === undefined) throw new RemoteFailure({ action: 'RunPython', kind: 'unreadable' }, 'service');
    return answer;
  };
}

function lateError(): RemoteFailure {
  return new RemoteFailure({ action: 'RunPython', kind: 'unreachable', code: NO_ANSWER_IN_TIME }, 'service');
}
