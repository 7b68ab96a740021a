import type { Language } from '@sandport/core';
import {
  checkGuest,
  prepareGuest,
  readBootOutput,
  retrySafely,
  type BootFacts,
  type GuestIdentity,
  type ProgramNetwork,
} from '@sandport/provider-kit';
import { E2B_TERMS } from '../e2b-errors.ts';
import type { E2bProviderConfig } from '../e2b-provider-config.ts';
import { E2bFailure, isPassingInside } from '../http/e2b-failure.ts';
import type { GuestWay } from './guest-way.ts';

/** How a supervisor is started. */
export interface StartGuestOptions {
  readonly way: GuestWay;
  readonly language: Language;
  readonly programNetwork: E2bProviderConfig['programNetwork'];
  /** For one that outlives us. It lives where others look for it, so that a second one cannot be started beside it. */
  readonly identity: GuestIdentity | undefined;
  readonly signal: AbortSignal;
}

/** A supervisor that waits for a job. */
export interface StartedGuest {
  readonly secret: Uint8Array;
  readonly facts: BootFacts;
}

/** More than the supervisor itself gives its first runner; one that is not heard of leaves time for another. */
const BOOT_TIMEOUT_MS = 20_000;
const ATTEMPTS = 4;

/** How the configuration says what programs are to have of the network. */
const NETWORK_FIELD = { field: 'programNetwork', open: 'sandbox', openWhere: 'where the network of the sandbox leads nowhere' };

/**
 * Brings our supervisor into a sandbox in which nothing has run yet. When it is unclear whether it was started, another one is: nobody knows the secret of the first.
 *
 * @throws E2bFailure, SandboxError `RUNTIME_MISSING` (no Node for JavaScript), `ISOLATION_MISMATCH` (the network cannot be taken from programs), `CANCELLED`.
 */
export async function startGuest({ way, language, programNetwork, identity, signal }: StartGuestOptions): Promise<StartedGuest> {
  const network: ProgramNetwork = programNetwork === 'sandbox' ? 'open' : programNetwork;
  const started = await retrySafely(
    async () => {
      const program = await prepareGuest({ language, programNetwork: network, identity });
      const said = readBootOutput(await way.boot(program, { signal, timeoutMs: BOOT_TIMEOUT_MS }));
      if (said === undefined) throw new E2bFailure({ plane: 'envd', action: 'RunCommand', kind: 'unreadable' });
      return said;
    },
    { signal, attempts: identity === undefined ? ATTEMPTS : 1, isWorth: isPassingInside },
  );
  return { secret: checkGuest(E2B_TERMS, started, network, NETWORK_FIELD), facts: started.facts };
}
