import { SandboxError, type ProviderDefinition } from '@sandport/core';

/**
 * The carried providers by their ids.
 *
 * @throws SandboxError `REQUEST_INVALID` when the list is empty or carries an id twice.
 */
export function providersById(providers: readonly ProviderDefinition[]): ReadonlyMap<string, ProviderDefinition> {
  if (providers.length === 0) throw refuse('is empty', 'Hand over at least one provider definition, for example dockerProvider.');
  const byId = new Map<string, ProviderDefinition>();
  for (const definition of providers) {
    if (byId.has(definition.id)) throw refuse(`carries the id "${definition.id}" twice`, 'Leave one of the two out.');
    byId.set(definition.id, definition);
  }
  return byId;
}

function refuse(message: string, suggestion: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `providers: ${message}.`, { suggestion, details: { field: 'providers' } });
}
