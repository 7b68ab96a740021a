import { Buffer } from 'node:buffer';
import { GuestGoneError, openAnswer, readRelayOutput, sealRequest, type BootFacts, type GuestExchange } from '@sandport/provider-kit';
import { AgentRunFailure } from '../http/agentrun-failure.ts';
import type { DataClient } from '../data/data-client.ts';
import { relayProgram } from './relay-program.ts';
import { HOME_FOLDER, LONGEST_CALL_SECONDS, type GuestCarrier } from './guest-carrier.ts';

/** Longest request that stands in a command. Linux takes 128 KiB as one word. */
const LONGEST_WORD_BYTES = 48 * 1024;

/** From the end of the supervisor's waiting to the answer's arrival. A sandbox under load needs seconds to start a relay. */
const ANSWER_SLACK_MS = 8000;
const UPLOAD_TIMEOUT_MS = 60_000;

/** How exchanges are carried out in one sandbox. */
export interface GuestExchangeOptions {
  readonly client: Pick<DataClient, 'upload'>;
  readonly sandboxId: string;
  readonly carrier: GuestCarrier;
  readonly secret: Uint8Array;
  /** What boot.py found: where it has put everything, and which Python runs there. */
  readonly facts: Pick<BootFacts, 'folder' | 'executable'>;
}

/** Exchanges through relays: small requests as a word of a command, larger ones as a file. */
export function guestExchange({ client, sandboxId, carrier, secret, facts }: GuestExchangeOptions): GuestExchange {
  return async (request, signal) => {
    const sealed = sealRequest(secret, request);
    let word = sealed.bytes.toString('base64url');
    if (sealed.bytes.length > LONGEST_WORD_BYTES) {
      const path = `sandport-${sealed.nonce.toString('hex')}.bin`;
      await client.upload(sandboxId, `${HOME_FOLDER}/${path}`, sealed.bytes, { signal, timeoutMs: UPLOAD_TIMEOUT_MS });
      word = `@${path}`;
    }
    const output = await carrier.run({
      executable: facts.executable,
      argv: ['-S', '-c', await relayProgram(), `${facts.folder}/private`, word],
      seconds: Math.min(LONGEST_CALL_SECONDS, Math.ceil((request.waitMs + ANSWER_SLACK_MS) / 1000)),
      timeoutMs: request.waitMs + ANSWER_SLACK_MS,
      signal,
    });
    const bytes = readRelayOutput(sealed, output);
    if (bytes === 'gone') throw new GuestGoneError('the supervisor has ended');
    const answer = bytes === undefined ? undefined : openAnswer(secret, sealed, Buffer.from(bytes));
    if (answer === undefined) throw new AgentRunFailure({ plane: 'data', action: 'RunCommand', kind: 'unreadable' });
    return answer;
  };
}
