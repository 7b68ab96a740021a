import type { ProviderDefinition } from '@sandport/core';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { dockerProvider } from '@sandport/provider-docker';
import { e2bProvider } from '@sandport/provider-e2b';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { wasmProvider } from '@sandport/provider-wasm';

/** The providers that can be configured here. The first is the one of an empty installation. */
export const providers: readonly ProviderDefinition[] = [wasmProvider, dockerProvider, aliyunProvider, e2bProvider, selfManagedProvider];
