import type { ProviderTerms } from '../provider-terms.ts';

/** The error for a context that has ended. */
export function contextClosedError(terms: ProviderTerms, id: string): Error {
  return terms.error('CONTEXT_CLOSED', 'execute cell', `The context "${id}" has ended, and its variables with it.`, {
    suggestion: 'Create another context; the files of the sandbox are still there.',
    details: { contextId: id },
  });
}
