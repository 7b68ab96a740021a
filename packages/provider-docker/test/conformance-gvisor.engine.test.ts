import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { dockerProvider } from '../src/index.ts';

/** The executor runs the whole suite on this provider, under gVisor. Here is what a process that holds the provider itself asks of it otherwise than one that asks an executor. */
const only = ['lifecycle/', 'cancellation/', 'concurrency/', 'health/report'];

describeConformance('provider-docker under gvisor', () => createProvider(dockerProvider, { isolation: 'gvisor' }), { only });
