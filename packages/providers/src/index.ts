import type { ProviderDefinition } from '@sandport/core';
import * as listed from './providers.ts';

/** What runs programs on this machine: an empty installation begins with the first. */
const local: readonly ProviderDefinition[] = [listed.wasmProvider, listed.dockerProvider];

const all: readonly ProviderDefinition[] = Object.values(listed);

/** Every provider there is. The first needs nothing to be installed and is the one of an empty installation; the second needs an engine; the others follow in the order of their names. */
export const providers: readonly ProviderDefinition[] = [...local, ...all.filter((definition) => !local.includes(definition))];
