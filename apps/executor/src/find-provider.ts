import { SandboxError, type ProviderDefinition } from '@sandport/core';
import { providers } from '@sandport/providers';

/** Providers that no executor stands in front of, by id, with the reason. */
const UNFIT: Readonly<Record<string, string>> = {
  self_managed:
    'It calls an executor itself: a chain of executors adds nothing but ways to fail, and one that names its own address would never answer',
};

const fit: readonly ProviderDefinition[] = providers.filter(({ id }) => !Object.hasOwn(UNFIT, id));

/**
 * The provider that a configuration of an executor names.
 *
 * @throws SandboxError `PROVIDER_UNKNOWN`.
 */
export function findProvider(id: string): ProviderDefinition {
  const definition = fit.find((candidate) => candidate.id === id);
  if (definition !== undefined) return definition;
  const reason = Object.hasOwn(UNFIT, id) ? ` ${UNFIT[id]}.` : '';
  throw new SandboxError('PROVIDER_UNKNOWN', `provider.id: "${id}" is none of this executor's providers.${reason}`, {
    operation: 'configure',
    suggestion: `Choose one of ${fit.map((candidate) => candidate.id).join(', ')}.`,
    details: { field: 'provider.id' },
  });
}
