// @ts-check
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findEngine, socketPathOf } from './find-engine.mjs';

let folder = '';
/** @type {import('node:http').Server | undefined} */
let server;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'find-engine-'));
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/**
 * @param {import('node:http').RequestListener} answer
 * @returns {Promise<string>} its DOCKER_HOST
 */
async function serve(answer) {
  const socketPath = path.join(folder, 'docker.sock');
  const started = createServer(answer);
  server = started;
  await /** @type {Promise<void>} */ (new Promise((resolve) => void started.listen(socketPath, resolve)));
  return `unix://${socketPath}`;
}

/**
 * @param {Record<string, unknown>} runtimes
 * @returns {import('node:http').RequestListener}
 */
const engineWith = (runtimes) => (request, response) => {
  if (request.url === '/_ping') response.end('OK');
  else response.end(JSON.stringify({ ServerVersion: '1.2.3', Runtimes: runtimes }));
};

describe('findEngine', () => {
  it.each([
    [{ runc: {} }, false],
    [{ runc: {}, runsc: {} }, true],
  ])('describes an engine with the runtimes %j', async (runtimes, hasGvisor) => {
    const dockerHost = await serve(engineWith(runtimes));
    expect(await findEngine({ dockerHost })).toEqual({ engine: { dockerHost, serverVersion: '1.2.3', hasGvisor } });
  });

  it('does not wait for an engine that never answers', async () => {
    const dockerHost = await serve((request) => void request.resume());
    const result = await findEngine({ dockerHost, timeoutMs: 100 });
    expect(result).toEqual({ engine: null, reason: expect.stringContaining('within 100 ms') });
  });

  it('is not fooled by another kind of server', async () => {
    const dockerHost = await serve((_request, response) => void response.end('<html>'));
    expect(await findEngine({ dockerHost })).toEqual({ engine: null, reason: expect.stringContaining('not like a Docker engine') });
  });

  it('says what is wrong with the socket', async () => {
    const absent = path.join(folder, 'absent.sock');
    expect(await findEngine({ dockerHost: `unix://${absent}` })).toEqual({ engine: null, reason: `there is no socket at ${absent}` });
    const dead = path.join(folder, 'dead.sock');
    await writeFile(dead, '');
    expect(await findEngine({ dockerHost: `unix://${dead}` })).toEqual({ engine: null, reason: `nobody listens at ${dead}` });
  });

  it('gives way to its caller', async () => {
    const dockerHost = await serve((request) => void request.resume());
    const controller = new AbortController();
    const search = findEngine({ dockerHost, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(search).rejects.toThrow('enough');
  });
});

describe('socketPathOf', () => {
  it('falls back to the usual place', () => {
    expect(socketPathOf(undefined)).toEqual({ socketPath: '/var/run/docker.sock' });
    expect(socketPathOf('')).toEqual({ socketPath: '/var/run/docker.sock' });
  });

  it('refuses what is not a socket on this machine', () => {
    expect(socketPathOf('tcp://127.0.0.1:2375')).toEqual({ reason: expect.stringContaining('tcp://127.0.0.1:2375') });
  });
});
