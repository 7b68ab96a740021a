import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describeConformance } from '@sandport/conformance/vitest';
import { parseProviderConfig, Secret } from '@sandport/core';
import { RemoteFailure } from '@sandport/provider-kit';
import { afterAll, beforeAll } from 'vitest';
import { NewCloudProvider } from '../template/package/src/new-cloud-provider.ts';
import { newCloudProvider } from '../template/package/src/index.ts';
import { LocalService } from '../template/package/src/service/local-service.ts';
import { HttpService } from './http-service.ts';

// The guide shows this service: a provider's calls go through it to a server that has the stand-in behind it.
const KEY = 'planted-key-2b7c';
const local = new LocalService('python3');
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    answer(request).then(
      (body) => response.end(body),
      (error: unknown) => {
        response.statusCode = (error instanceof RemoteFailure ? error.facts.status : undefined) ?? 500;
        response.end();
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function answer(request: IncomingMessage): Promise<string> {
  const signal = AbortSignal.timeout(60_000);
  if (request.headers.authorization !== `Bearer ${KEY}`) throw refused(401);
  const [, , id = ''] = request.url?.split('/') ?? [];
  if (id === '') return JSON.stringify(await local.createSandbox(signal));
  if (!(await local.hasSandbox(id))) throw refused(404);
  if (request.method === 'POST') return local.runPython(id, Buffer.from(await text(request)), signal);
  if (request.method === 'DELETE') await local.deleteSandbox(id);
  return '';
}

function refused(status: number): RemoteFailure {
  return new RemoteFailure({ action: 'Answer', kind: 'refused', status }, 'server');
}

const create = () => {
  const { port } = server.address() as AddressInfo;
  return new NewCloudProvider(parseProviderConfig(newCloudProvider, {}), new HttpService(`http://127.0.0.1:${port}`, new Secret(KEY)));
};

describeConformance('a provider with the service of the guide', create, {
  only: ['lifecycle/', 'files/stream', 'results/', 'health/'],
  plantedSecrets: [KEY],
  graceMs: 3000,
  concurrent: true,
});
