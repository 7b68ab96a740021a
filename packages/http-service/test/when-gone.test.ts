import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyReply } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { whenGone } from '../src/when-gone.ts';

test('whoever is gone already is not waited for', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const sent = request({ port: (server.address() as AddressInfo).port, agent: false });
  sent.on('error', () => undefined).end();
  const [, raw] = (await once(server, 'request')) as [unknown, ServerResponse];
  sent.destroy();
  await once(raw, 'close');
  let gone = 0;
  whenGone({ raw } as FastifyReply, () => (gone += 1));
  expect(gone).toBe(1);
});
