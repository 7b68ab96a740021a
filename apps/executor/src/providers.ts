import { SandboxError, type ProviderDefinition } from '@sandport/core';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { dockerProvider } from '@sandport/provider-docker';
import { e2bProvider } from '@sandport/provider-e2b';
import { wasmProvider } from '@sandport/provider-wasm';

/** The providers that an executor can stand in front of. */
const providers: readonly ProviderDefinition[] = [dockerProvider, wasmProvider, aliyunProvider, e2bProvider];

/** @throws SandboxError `PROVIDER_UNKNOWN`. */
export function findProvider(id: string): ProviderDefinition {
  const definition = providers.find((candidate) => candidate.id === id);
  if (definition !== undefined) return definition;
  throw new SandboxError('PROVIDER_UNKNOWN', `provider.id: "${id}" is none of this executor's providers.`, {
    operation: 'configure',
    suggestion: `Choose one of ${providers.map((candidate) => candidate.id).join(', ')}.`,
    details: { field: 'provider.id' },
  });
}
