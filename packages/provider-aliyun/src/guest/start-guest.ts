import { randomBytes } from 'node:crypto';
import type { Language } from '@sandport/core';
import { aliyunError } from '../aliyun-errors.ts';
import type { AliyunProviderConfig } from '../aliyun-provider-config.ts';
import type { DataClient } from '../data/data-client.ts';
import { AgentRunFailure } from '../http/agentrun-failure.ts';
import { isPassing, retrySafely } from '../http/retry.ts';
import { bootFactsSchema, bootProgram, type BootFacts } from './guest-bundle.ts';
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

const SECRET_BYTES = 32;
const UPLOAD_TIMEOUT_MS = 30_000;
const BOOT_TIMEOUT_MS = 35_000;
/** A program whose host has said nothing for so long is ended: the host may have been killed. */
const SILENCE_SECONDS = 90;

/**
 * Brings our supervisor into a sandbox in which nothing has run yet. When it is unclear whether it was started, another one is: the first has no secret that anybody knows.
 *
 * @throws AgentRunFailure, SandboxError `RUNTIME_MISSING` (no Node for JavaScript), `ISOLATION_MISMATCH` (the network cannot be taken from programs), `CANCELLED`.
 */
export async function startGuest(options: StartGuestOptions): Promise<StartedGuest> {
  const { signal } = options;
  const started = await retrySafely(() => startOnce(options), {
    signal,
    isWorth: (failure) => isPassing(failure) || failure.facts.kind === 'unreadable',
  });
  if (started.facts.problem !== undefined) throw problemError(options, started.facts);
  if (options.programNetwork === 'none' && started.facts.user !== 'own') throw sharedUserError();
  return started;
}

async function startOnce({ client, carrier, sandboxId, language, programNetwork, signal }: StartGuestOptions): Promise<StartedGuest> {
  const network = programNetwork === 'template' ? 'template' : 'none';
  const secret = randomBytes(SECRET_BYTES);
  const program = await bootProgram({ secret: secret.toString('hex'), language, network, silenceSeconds: SILENCE_SECONDS });
  const path = `${HOME_FOLDER}/sandport-boot-${randomBytes(8).toString('hex')}.py`;
  await client.upload(sandboxId, path, program, { signal, timeoutMs: UPLOAD_TIMEOUT_MS });
  const output = await carrier.run({
    argv: ['-S', path.slice(HOME_FOLDER.length + 1)],
    seconds: LONGEST_CALL_SECONDS,
    timeoutMs: BOOT_TIMEOUT_MS,
    signal,
  });
  const facts = bootFactsSchema.safeParse(parseLine(output));
  if (!facts.success) throw new AgentRunFailure({ plane: 'data', action: 'RunCommand', kind: 'unreadable' });
  return { secret, facts: facts.data };
}

/** What boot.py printed, whatever was printed around it. */
function parseLine(output: string): unknown {
  const line = /\{"folder":.*\}/.exec(output)?.[0];
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The filter that takes the network holds a program that goes about it through other processes of its user only where it has a user of its own. */
function sharedUserError(): Error {
  const message = 'Programs share the user of the commands of the service: a hostile one could get around what takes the network from it.';
  return aliyunError('ISOLATION_MISMATCH', 'start supervisor', message, {
    suggestion:
      'Choose "filtered" as "programNetwork" where that is acceptable, or "template" where the network of the template leads nowhere.',
    details: { reason: 'shared-user' },
  });
}

function problemError({ programNetwork }: StartGuestOptions, { problem, log }: BootFacts): Error {
  if (problem === 'no-node') {
    return aliyunError('RUNTIME_MISSING', 'start supervisor', 'The sandbox has no Node of version 18 or newer to run JavaScript with.', {
      suggestion: 'Use Python, or a template whose image has Node.',
      details: { reason: 'no-node' },
    });
  }
  const cause = new Error(log === undefined || log === '' ? 'it said nothing' : log);
  if (problem === 'no-runner' && programNetwork !== 'template') {
    return aliyunError(
      'ISOLATION_MISMATCH',
      'start supervisor',
      'No program can be started in the sandbox without a network, as is demanded.',
      {
        suggestion: 'See the cause. Where the network of the template leads nowhere, choose "template" as "programNetwork".',
        details: { reason: 'network' },
        cause,
      },
    );
  }
  return aliyunError('RUNTIME_MISSING', 'start supervisor', 'Our supervisor could not be started in the sandbox.', {
    suggestion: 'See the cause; the image of the template needs Python 3.9 or newer.',
    details: { reason: 'supervisor' },
    cause,
  });
}
