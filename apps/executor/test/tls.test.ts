import { readFileSync } from 'node:fs';
import { connect as connectPlainly } from 'node:net';
import { fileURLToPath } from 'node:url';
import { connect, type ConnectionOptions } from 'node:tls';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { executorConfigSchema, Executor } from '../src/index.ts';
import { InstantProvider } from './instant-provider.ts';
import { requestText, startInstantExecutor, type InstantExecutor } from './instant-executor.ts';
import { statusOf } from './raw-connection.ts';

/** Made once and for long: an authority, a server and a client of it, and a stranger who vouches for himself. */
const path = (name: string): string => fileURLToPath(new URL(`certificates/${name}.pem`, import.meta.url));
const pem = (name: string): string => readFileSync(path(name), 'utf8');
const server = { certFile: path('server-cert'), keyFile: path('server-key') };

/** What comes back over TLS; what the connection failed with, for none. */
async function over(address: string, text: string, identity: ConnectionOptions = {}): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port), ca: pem('ca'), ...identity });
  let received = '';
  let failure = '';
  socket.on('data', (piece: Buffer) => (received += piece.toString('latin1')));
  socket.on('error', (error: Error & { readonly code?: string }) => (failure = error.code ?? error.name));
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return received === '' ? failure : received;
}

describe('TLS', () => {
  let served: InstantExecutor;
  beforeAll(async () => {
    served = await startInstantExecutor({ config: { tls: server, limits: { headerTimeoutMs: 500 } } });
  });
  afterAll(() => served[Symbol.asyncDispose]());

  test('carries calls, which still need a token', async () => {
    expect(served.address).toMatch(/^https:/);
    expect(statusOf(await over(served.address, requestText(served, 'GET /v1/capabilities')))).toBe(200);
    expect(statusOf(await over(served.address, requestText(served, 'GET /v1/capabilities', { token: null })))).toBe(401);
  });

  test('is all that is spoken there', async () => {
    const socket = connectPlainly(Number(new URL(served.address).port), '127.0.0.1');
    let received = '';
    socket.on('data', (piece: Buffer) => (received += piece.toString('latin1')));
    socket.on('error', () => socket.destroy());
    socket.write(requestText(served, 'GET /v1/capabilities'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).not.toContain('HTTP/1.1 200');
    expect(received).not.toContain('sandport');
  });

  test('old versions of it are not spoken', async () => {
    const answer = await over(served.address, requestText(served, 'GET /healthz'), {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(statusOf(answer)).toBe(0);
  });

  test('whoever never begins it, or trickles it, loses the connection in its time', async () => {
    for (const begun of ['', '\u0016', '\u0016\u0003\u0001\u0002\u0000\u0001']) {
      const socket = connectPlainly(Number(new URL(served.address).port), '127.0.0.1');
      socket.on('error', () => socket.destroy());
      socket.resume().write(begun);
      await new Promise((resolve) => socket.once('close', resolve));
    }
    await vi.waitFor(() => expect(served.sockets.filter(({ destroyed }) => !destroyed)).toEqual([]));
  });
});

describe('mutual TLS', () => {
  let served: InstantExecutor;
  beforeAll(async () => {
    served = await startInstantExecutor({ config: { tls: { ...server, clientCaFile: path('ca') } } });
  });
  afterAll(() => served[Symbol.asyncDispose]());
  const client = { cert: pem('client-cert'), key: pem('client-key') };

  test('a client of the authority is answered, and still needs a token', async () => {
    expect(statusOf(await over(served.address, requestText(served, 'GET /v1/capabilities'), client))).toBe(200);
    expect(statusOf(await over(served.address, requestText(served, 'GET /v1/capabilities', { token: null }), client))).toBe(401);
  });

  test.each([
    ['no certificate', {}],
    ['a certificate of his own making', { cert: pem('stranger-cert'), key: pem('stranger-key') }],
  ])('whoever has %s gets no answer, not even of the health route', async (_name, identity) => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      for (const line of ['GET /healthz', 'GET /v1/capabilities']) {
        const answer = await over(served.address, requestText(served, line), { ...identity, maxVersion });
        expect([statusOf(answer), answer]).toEqual([0, expect.stringMatching(/^[A-Z_0-9]*$/)]);
      }
    }
  });
});

test.each([
  ['a file that is not there', { ...server, certFile: '/nowhere.pem' }],
  ['a key that is of another', { ...server, keyFile: path('stranger-key') }],
  ['a file that is no certificate', { ...server, certFile: fileURLToPath(import.meta.url) }],
])('%s: it does not start, and says what is wrong with "tls"', async (_name, tls) => {
  const config = executorConfigSchema.parse({ provider: { id: 'wasm' }, listen: { port: 0 }, tls });
  const started = Executor.start({ config, log: pino({ level: 'silent' }), version: '0.0.0', provider: new InstantProvider() });
  await expect(started).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('tls') as string });
});
