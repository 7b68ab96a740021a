// @ts-check
/** What our HTTP services say of themselves, asked of services that listen for this alone. They must have been built. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** @import { ApiDocument } from './http-api-page.mjs' */

/** @typedef {import('../../apps/admin/dist/server/create-server.js').ServerOptions} AdminServerOptions */

const TIMEOUT_MS = 30_000;

/** @returns {Promise<{ executor: ApiDocument, admin: ApiDocument }>} */
export async function describeServices() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-docs-'));
  try {
    return { executor: await describeExecutor(folder), admin: await describeAdmin() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Promise<ApiDocument>}
 */
async function describeExecutor(folder) {
  const { Executor, executorConfigSchema, hashToken, makeToken } = await import('../../apps/executor/dist/index.js');
  const token = makeToken();
  const tokensFile = path.join(folder, 'tokens.json');
  await writeFile(tokensFile, JSON.stringify({ tokens: [{ id: 'docs', scopes: ['read'], sha256: hashToken(token) }] }));
  const config = executorConfigSchema.parse({ provider: { id: 'wasm', config: {} }, listen: { port: 0 }, tokensFile });
  const executor = await Executor.start({ config, log: silentLog, version: '0.0.0' });
  try {
    const answer = await fetch(`${executor.address}/openapi.json`, {
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status !== 200) throw new Error(`the executor answered ${answer.status}: ${await answer.text()}`);
    return /** @type {ApiDocument} */ (await answer.json());
  } finally {
    await executor.stop(0);
  }
}

/**
 * The description comes from the table of routes: no handler is called for it.
 *
 * @returns {Promise<ApiDocument>}
 */
async function describeAdmin() {
  const { ROUTES } = await import('../../packages/admin-api/dist/index.js');
  const { createServer } = await import('../../apps/admin/dist/server/create-server.js');
  const { OpenAnswers } = await import('../../packages/http-service/dist/index.js');
  const { adminConfigSchema } = await import('../../apps/admin/dist/index.js');
  const all = Object.keys(ROUTES).map((name) => [name, refuse]);
  const app = await createServer({
    handlers: Object.fromEntries(all),
    doorkeeper: { findByToken: nobody, findBySession: nobody },
    answers: new OpenAnswers(),
    limits: adminConfigSchema.parse({}).limits,
    tls: undefined,
    isLoopback: true,
    isHttps: false,
    isStopping: () => false,
    sessionCookieName: 'sandport-session',
    log: silentLog,
    version: '0.0.0',
    addPage: () => undefined,
  });
  try {
    await app.ready();
    return /** @type {ApiDocument} */ (/** @type {unknown} */ (app.swagger()));
  } finally {
    await app.close();
  }
}

const refuse = () => Promise.reject(new Error('it only describes itself'));
const nobody = () => Promise.resolve(undefined);

const nothing = () => undefined;
/** @type {AdminServerOptions['log']} */
const silentLog = {
  level: 'silent',
  fatal: nothing,
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  silent: nothing,
  child: () => silentLog,
};
