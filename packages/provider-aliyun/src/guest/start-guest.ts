import { randomBytes } from 'node:crypto';
import type { Language } from '@sandport/core';
import { checkGuest, prepareGuest, readBootOutput, type BootFacts, type BootOutput, type ProgramNetwork } from '@sandport/provider-kit';
import { ALIYUN_TERMS } from '../aliyun-errors.ts';
import type { AliyunProviderConfig } from '../aliyun-provider-config.ts';
import type { DataClient } from '../data/data-client.ts';
import { AgentRunFailure } from '../http/agentrun-failure.ts';
import { isPassing, retrySafely } from '../http/retry.ts';
import { HOME_FOLDER, LONGEST_CALL_SECONDS, type GuestCarrier } from './guest-carrier.ts';

/** How a supervisor is started. */
export interface StartGuestOptions {
  readonly client: Pick<DataClient, 'upload'>;
  readonly carrier: GuestCarrier;
  readonly sandboxId: string;
  readonly language: Language;
  readonly programNetwork: AliyunProviderConfig['programNetwork'];
  readonly signal: AbortSignal;
}

/** A supervisor that waits for a job. */
export interface StartedGuest {
  readonly secret: Uint8Array;
  readonly facts: BootFacts;
}

const UPLOAD_TIMEOUT_MS = 30_000;
const BOOT_TIMEOUT_MS = 35_000;
/** How the configuration says what programs are to have of the network. */
const NETWORK_FIELD = { field: 'programNetwork', open: 'template', openWhere: 'where the network of the template leads nowhere' };

/**
 * Brings our supervisor into a sandbox in which nothing has run yet. When it is unclear whether it was started, another one is: nobody knows the secret of the first.
 *
 * @throws AgentRunFailure, SandboxError `RUNTIME_MISSING` (no Node for JavaScript), `ISOLATION_MISMATCH` (the network cannot be taken from programs), `CANCELLED`.
 */
export async function startGuest(options: StartGuestOptions): Promise<StartedGuest> {
  const { signal } = options;
  const started = await retrySafely(() => startOnce(options), {
    signal,
    isWorth: (failure) => isPassing(failure) || failure.facts.kind === 'unreadable',
  });
  return { secret: checkGuest(ALIYUN_TERMS, started, networkOf(options), NETWORK_FIELD), facts: started.facts };
}

async function startOnce(options: StartGuestOptions): Promise<BootOutput> {
  const { client, carrier, sandboxId, language, signal } = options;
  const program = await prepareGuest({ language, programNetwork: networkOf(options) });
  const path = `${HOME_FOLDER}/sandport-boot-${randomBytes(8).toString('hex')}.py`;
  await client.upload(sandboxId, path, program, { signal, timeoutMs: UPLOAD_TIMEOUT_MS });
  const output = await carrier.run({
    argv: ['-S', path.slice(HOME_FOLDER.length + 1)],
    seconds: LONGEST_CALL_SECONDS,
    timeoutMs: BOOT_TIMEOUT_MS,
    signal,
  });
  const said = readBootOutput(output);
  if (said === undefined) throw new AgentRunFailure({ plane: 'data', action: 'RunCommand', kind: 'unreadable' });
  return said;
}

function networkOf({ programNetwork }: StartGuestOptions): ProgramNetwork {
  return programNetwork === 'template' ? 'open' : programNetwork;
}
