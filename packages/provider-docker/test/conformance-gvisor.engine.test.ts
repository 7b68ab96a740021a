import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { dockerProvider } from '../src/index.ts';

// Over HTTP the whole suite runs under gvisor, and in this process under runc. Here are those cases in which the runtime and the watching of it meet.
const only = ['lifecycle/', 'limits/', 'cancellation/', 'isolation/', 'contexts/', 'concurrency/', 'results/', 'health/report'];

describeConformance('provider-docker under gvisor', () => createProvider(dockerProvider, { isolation: 'gvisor' }), { only });
