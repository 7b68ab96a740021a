import type { ProviderDefinition } from '@sandport/core';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { dockerProvider } from '@sandport/provider-docker';
import { e2bProvider } from '@sandport/provider-e2b';
import { wasmProvider } from '@sandport/provider-wasm';

/** The providers that an executor can stand in front of. */
export const providers: readonly ProviderDefinition[] = [dockerProvider, wasmProvider, aliyunProvider, e2bProvider];
