import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { wasmProvider } from '../src/index.ts';

describeConformance('provider-wasm', () => createProvider(wasmProvider, {}), { notApplicable: [] });
