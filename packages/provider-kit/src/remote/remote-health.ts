import type { HealthCheck, MeasuredIsolation, SandboxError } from '@sandport/core';

/** What a look at the boundary of a service's sandboxes rests on. */
export interface BoundaryFacts {
  readonly isolation: MeasuredIsolation;
  /** What programs have of the network where it is not taken from them, as a sentence, and what to do about it. `null` where it is. */
  readonly network: { readonly message: string; readonly remedy: string } | null;
}

/** What the boundary rests on is no fault, but whoever looks is to know it. */
export function boundaryCheck({ isolation: { hardening = [] }, network }: BoundaryFacts): HealthCheck {
  const taken = hardening.length === 0 ? 'Nothing more was measured inside' : `Measured inside: ${hardening.join(', ')}`;
  const message = `What separates sandboxes from each other is the word of the service. ${taken}.`;
  if (network !== null) return { name: 'isolation', status: 'warning', message: `${message} ${network.message}`, remedy: network.remedy };
  const sharing = hardening.includes('user') ? '' : ' Programs share a user with other processes; a hostile one could get around that.';
  return { name: 'isolation', status: 'ok', message: `${message} The network is taken from programs.${sharing}` };
}

/**
 * What was left behind of sandboxes.
 *
 * @param look Gives the ids of what was left.
 * @param toError What the look's failure is, in the provider's terms.
 */
export async function leftBehindCheck(
  look: () => Promise<Iterable<string>>,
  toError: (error: unknown) => SandboxError,
): Promise<HealthCheck> {
  try {
    const left = new Set(await look()).size;
    if (left === 0) return { name: 'left-behind', status: 'ok', message: 'No sandbox of ours was left behind.' };
    return {
      name: 'left-behind',
      status: 'warning',
      message: `${left} sandboxes of ours were left behind, and cost until the service ends them.`,
      remedy: 'Run "sandport doctor --clean".',
    };
  } catch (error) {
    const { message, suggestion = 'Look at the cause.' } = toError(error);
    return { name: 'left-behind', status: 'warning', message, remedy: suggestion };
  }
}
