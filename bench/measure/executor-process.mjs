// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createProvider } from '@sandport/core';
import { hashToken, makeToken } from '@sandport/executor';
import { selfManagedProvider } from '@sandport/provider-self-managed';

const MAIN = fileURLToPath(new URL('main.js', import.meta.resolve('@sandport/executor')));

/**
 * Starts an executor as a process of its own, and waits until it is ready.
 *
 * @param {Record<string, unknown>} dockerConfig
 */
export async function openExecutor(dockerConfig) {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-bench-'));
  const token = makeToken();
  const tokensFile = join(folder, 'tokens.json');
  await writeFile(
    tokensFile,
    JSON.stringify({ tokens: [{ id: 'bench', sha256: hashToken(token), scopes: ['execute', 'sandboxes', 'read'] }] }),
  );
  const configFile = join(folder, 'executor.json');
  await writeFile(configFile, JSON.stringify({ listen: { port: 0 }, tokensFile, provider: { id: 'docker', config: dockerConfig } }));
  const child = spawn(process.execPath, [MAIN, '--config', configFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  async function close() {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
  try {
    const endpoint = await addressOf(child.stdout);
    await untilReady(endpoint, token);
    const provider = createProvider(selfManagedProvider, { endpoint, token });
    return {
      provider,
      close: async () => {
        await provider.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param {import('node:stream').Readable} output @returns {Promise<string>} */
async function addressOf(output) {
  const lines = createInterface({ input: output });
  return new Promise((resolve, reject) => {
    // What is said later is read as well: a full pipe would hold the executor up.
    lines.on('line', (line) => {
      const { address } = JSON.parse(line);
      if (typeof address === 'string') resolve(address);
    });
    lines.once('close', () => reject(new Error('The executor ended before it listened.')));
  });
}

/** @param {string} endpoint @param {string} token */
async function untilReady(endpoint, token) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { status } = await fetch(new URL('/readyz', endpoint), { headers: { authorization: `Bearer ${token}` } });
    if (status === 200) return;
    await delay(100);
  }
  throw new Error('The executor did not become ready.');
}
