import type { RawFinding } from './trial-finding.ts';

const OF_CASES_BY_AREA: Readonly<Record<string, string>> = {
  isolation:
    'Run no code that you do not trust with this configuration until it holds; look at the runtime and the hardening of the machine.',
  environment: 'Run no code that you do not trust with this configuration until it holds; look at what the runtime hands into a sandbox.',
  limits: 'Rely on this limit only when it holds; look at the machine that enforces it, and whether it is overloaded.',
  output: 'Rely on what programs print only when it holds; look at what stands between this program and the sandbox.',
  cancellation: 'Withdrawn calls may go on and cost money; look at the connection to the provider, and whether it is overloaded.',
  health: 'Replace the secret that was shown, and mend what shows it.',
};

/** What to do about a finding for which nobody had better advice. */
export function remedyFor({ kind, id }: Pick<RawFinding, 'kind' | 'id'>): string {
  switch (kind) {
    case 'check':
      return 'Mend what the message names, and test again.';
    case 'language':
      return 'Look at what the program printed and at the runtime or image that the configuration names for the language, and test again.';
    case 'limit':
      return 'Programs could take more than you allow: do not rely on this limit, or mend the machine that enforces it and test again.';
    case 'latency':
      return 'Look at the health and the load of the provider, and test again.';
    case 'case':
      return (
        OF_CASES_BY_AREA[id.split('/')[0] ?? ''] ??
        'The provider breaks a promise of the contract with this configuration; do not activate it.'
      );
  }
}
