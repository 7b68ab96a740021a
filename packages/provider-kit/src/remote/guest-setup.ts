import type { Buffer } from 'node:buffer';
import type { Language, SandboxError } from '@sandport/core';
import type { ProviderTerms } from '../provider-terms.ts';
import { bootProgram, type BootFacts, type BootOutput } from './guest-bundle.ts';

/** What programs are to have of the network, and what it may rest on. `none`: nothing, in sandboxes where programs have a user of their own. `filtered`: nothing, also where they share one. `open`: whatever the sandbox has. */
export type ProgramNetwork = 'none' | 'filtered' | 'open';

/** A program that silence ends: nobody may be there any more to hear of it. In seconds. */
const SILENCE_SECONDS = 90;

/** What another process has to know to take a sandbox over: made of what both know, and of nothing that programs see. */
export interface GuestIdentity {
  /** Handed to the supervisor when it is spoken to, as a frame of type `token`. */
  readonly secret: Uint8Array;
  /** Last part of the name of the supervisor's folder. No secret. */
  readonly folderName: string;
}

/** What a supervisor is made for. */
export interface PrepareGuestOptions {
  readonly language: Language;
  readonly programNetwork: ProgramNetwork;
  /** For one that outlives its connection. */
  readonly identity?: GuestIdentity | undefined;
}

/** The program, for Python, that sets a sandbox up: {@link bootProgram}. */
export function prepareGuest({ language, programNetwork, identity }: PrepareGuestOptions): Promise<Buffer> {
  return bootProgram({
    language,
    network: programNetwork === 'open' ? 'template' : 'none',
    silenceSeconds: SILENCE_SECONDS,
    reconnectable: identity !== undefined,
    folderName: identity?.folderName ?? null,
  });
}

/** Where a provider's configuration says what {@link ProgramNetwork} says. */
export interface ProgramNetworkField {
  /** Name of the field. */
  readonly field: string;
  /** Its value for `open`. */
  readonly open: string;
  /** What `open` is good for, as the end of a sentence. */
  readonly openWhere: string;
}

/**
 * Makes sure that a sandbox that was set up can be used as is demanded, and gives the secret of its supervisor.
 *
 * @throws SandboxError `RUNTIME_MISSING` (no Node for JavaScript, no Python that is new enough), `ISOLATION_MISMATCH` (the network cannot be taken from programs).
 */
export function checkGuest(
  terms: ProviderTerms,
  { facts, secret }: BootOutput,
  programNetwork: ProgramNetwork,
  words: ProgramNetworkField,
): Uint8Array {
  if (facts.problem !== undefined || secret === undefined) throw problemError(terms, facts, programNetwork, words);
  if (programNetwork === 'none' && facts.user !== 'own') throw sharedUserError(terms, words);
  return secret;
}

/** The filter that takes the network holds a program that goes about it through other processes of its user only where it has a user of its own. */
function sharedUserError(terms: ProviderTerms, { field, open, openWhere }: ProgramNetworkField): SandboxError {
  const message = "Programs share the user of the service's own commands: a hostile one could get around what takes the network from it.";
  return terms.error('ISOLATION_MISMATCH', 'start supervisor', message, {
    suggestion: `Choose "filtered" as "${field}" where that is acceptable, or "${open}" ${openWhere}.`,
    details: { reason: 'shared-user' },
  });
}

function problemError(terms: ProviderTerms, facts: BootFacts, programNetwork: ProgramNetwork, words: ProgramNetworkField): SandboxError {
  const { problem, log } = facts;
  if (problem === 'no-node') {
    return terms.error('RUNTIME_MISSING', 'start supervisor', 'The sandbox has no Node of version 18 or newer to run JavaScript with.', {
      suggestion: 'Use Python, or a template whose image has Node.',
      details: { reason: 'no-node' },
    });
  }
  const cause = new Error(log === undefined || log === '' ? 'it said nothing' : log);
  if (problem === 'no-runner' && programNetwork !== 'open') {
    const message = 'No program can be started in the sandbox without a network, as is demanded.';
    return terms.error('ISOLATION_MISMATCH', 'start supervisor', message, {
      suggestion: `See the cause. Choose "${words.open}" as "${words.field}" ${words.openWhere}.`,
      details: { reason: 'network' },
      cause,
    });
  }
  return terms.error('RUNTIME_MISSING', 'start supervisor', 'Our supervisor could not be started in the sandbox.', {
    suggestion: 'See the cause; the image of the template needs Python 3.9 or newer.',
    details: { reason: 'supervisor' },
    cause,
  });
}
