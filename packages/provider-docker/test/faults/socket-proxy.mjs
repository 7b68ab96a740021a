// @ts-check
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @import { Socket } from 'node:net' */

/**
 * A socket between a provider and its engine whose connections can be cut, stalled and refused.
 *
 * @typedef {object} SocketProxy
 * @property {string} dockerHost what the provider connects to
 * @property {() => void} cut ends every connection at once, in both directions
 * @property {() => void} stall passes nothing on any more; connections stay
 * @property {() => void} refuse ends connections that come, until `pass`
 * @property {() => void} pass passes everything on again
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} dockerHost the engine, `unix:///…` or `tcp://host:port`
 * @returns {Promise<SocketProxy>}
 */
export async function openSocketProxy(dockerHost) {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-proxy-'));
  /** @type {Set<readonly [Socket, Socket]>} */
  const pairs = new Set();
  let isStalled = false;
  let isRefusing = false;
  // An attached container's input ends while its output goes on: each direction has an end of its own.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    near.on('error', () => near.destroy());
    if (isRefusing) {
      near.destroy();
      return;
    }
    const far = connect({ ...addressOf(dockerHost), allowHalfOpen: true });
    far.on('error', () => far.destroy());
    const pair = /** @type {const} */ ([near, far]);
    pairs.add(pair);
    near.once('close', () => {
      pairs.delete(pair);
      far.destroy();
    });
    far.once('close', () => near.destroy());
    if (!isStalled) joinUp(near, far);
  });
  const socketPath = join(folder, 'docker.sock');
  server.listen(socketPath);
  await once(server, 'listening');

  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    dockerHost: `unix://${socketPath}`,
    cut,
    stall: () => {
      isStalled = true;
      for (const [near, far] of pairs) part(near, far);
    },
    refuse: () => {
      isRefusing = true;
    },
    pass: () => {
      isRefusing = false;
      if (isStalled) for (const [near, far] of pairs) joinUp(near, far);
      isStalled = false;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * @param {Socket} near
 * @param {Socket} far
 */
function joinUp(near, far) {
  near.pipe(far);
  far.pipe(near);
}

/**
 * @param {Socket} near
 * @param {Socket} far
 */
function part(near, far) {
  near.unpipe(far).pause();
  far.unpipe(near).pause();
}

/** @param {string} dockerHost */
function addressOf(dockerHost) {
  if (dockerHost.startsWith('unix://')) return { path: dockerHost.slice('unix://'.length) };
  const { hostname, port } = new URL(dockerHost);
  return { host: hostname, port: Number(port) };
}
