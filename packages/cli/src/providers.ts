import type { ProviderDefinition } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';

/** The providers that this command carries. */
export const providers: readonly ProviderDefinition[] = [dockerProvider];
