import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { dockerProvider } from '../src/index.ts';

/**
 * Cases in which the runtime under the containers, and the watching of it, have a part. The executor runs the whole suite on this provider, under gVisor: what programs are told, and what they answer, is
 * the same bytes under each runtime.
 */
const only = ['lifecycle/', 'limits/', 'cancellation/', 'isolation/', 'contexts/', 'concurrency/', 'results/', 'health/report'];

describeConformance('provider-docker under runc', () => createProvider(dockerProvider, { isolation: 'runc' }), { only });
