import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { afterAll, beforeAll } from 'vitest';
import { dockerProvider } from '../src/index.ts';
import { certificate } from './engine/fake-engine.ts';
import { TlsFront } from './engine/tls-front.ts';

// It runs both languages.
const notApplicable = ['requests/undeclared-python', 'requests/undeclared-javascript'];
// A line each: a text with line breaks would not be found in JSON.
const plantedSecrets = certificate('client-key').split('\n').slice(1, -2);

// Through TLS, as an engine on another machine is reached: the key is the secret that nobody may show.
let front: TlsFront;
beforeAll(async () => {
  front = await TlsFront.open(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock');
});
afterAll(() => front.close());

describeConformance('provider-docker under runc', () => createProvider(dockerProvider, { isolation: 'runc', ...front.access }), {
  notApplicable,
  plantedSecrets,
});
