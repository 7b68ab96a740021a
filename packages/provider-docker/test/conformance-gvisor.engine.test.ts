import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { dockerProvider } from '../src/index.ts';
import { RUNTIME_AREAS } from './runtime-areas.ts';

describeConformance('provider-docker under gvisor', () => createProvider(dockerProvider, { isolation: 'gvisor' }), { only: RUNTIME_AREAS });
