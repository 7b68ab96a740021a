import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createProvider } from '@sandport/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfManagedProvider } from '../src/index.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from './played-certificate.ts';
import { thrownBy } from './thrown-by.ts';

/** Answers with the name by which it knows its caller. */
const server = createServer(
  { cert: CERTIFICATE, key: CERTIFICATE_KEY, ca: CERTIFICATE, requestCert: true, rejectUnauthorized: false },
  (request, response) => {
    const { authorized } = request.socket as TLSSocket;
    const sandbox = { id: authorized ? 'known' : 'stranger', connection: 'c', language: 'python', expiresAtMs: null };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(sandbox));
  },
);

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function nameAt(config: object): Promise<string> {
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using provider = createProvider(selfManagedProvider, { endpoint, protocol: 'sandport', maxRetries: 0, ...config });
  const { id } = await provider.createSandbox({ language: 'python', reconnectable: true });
  return id;
}

describe('a certificate', () => {
  test('of an unknown authority is not trusted', async () => {
    expect(await thrownBy(nameAt({}))).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      details: { reason: 'untrusted', failureCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
  });

  test('of the configured authority is', async () => {
    expect(await nameAt({ tlsCa: CERTIFICATE })).toBe('stranger');
  });

  test('of ours is shown', async () => {
    expect(await nameAt({ tlsCa: CERTIFICATE, tlsCert: CERTIFICATE, tlsKey: CERTIFICATE_KEY })).toBe('known');
  });
});
