import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { afterAll, beforeAll } from 'vitest';
import { dockerProvider } from '../src/index.ts';
import { certificate } from './engine/fake-engine.ts';
import { TlsFront } from './engine/tls-front.ts';

// What differs when the engine is on another machine: streams with two ends, and a key that nobody may show.
const only = ['health/', 'input/', 'files/', 'cancellation/'];
const plantedSecrets = [certificate('client-key')];

let front: TlsFront;
beforeAll(async () => {
  front = await TlsFront.open(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock');
});
afterAll(() => front.close());

describeConformance('provider-docker through TLS', () => createProvider(dockerProvider, { isolation: 'runc', ...front.access }), {
  only,
  plantedSecrets,
});
