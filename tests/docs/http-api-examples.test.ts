import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { adminConfigSchema, Admin, openSandboxRoutes } from '../../apps/admin/src/index.ts';
import { digestOf } from '../../apps/admin/src/access/secret.ts';
import { makeToken } from '../../apps/admin/src/access/sessions.ts';
import { makeLog } from '../../apps/admin/src/make-log.ts';
import { buildExecutor } from '../../apps/executor/test/support/build-executor.ts';
import { ExecutorFolder, SpawnedExecutor } from '../../apps/executor/test/support/spawned-executor.mjs';
import { wasmProvider } from '../../packages/provider-wasm/src/index.ts';
import { openSqliteSettings } from '../../packages/settings/src/index.ts';

const page = await readFile(new URL('../../docs/http-api.md', import.meta.url), 'utf8');

/** Each command with the answer that the page shows below it. */
const examples = [...page.matchAll(/^```sh\n([\s\S]*?)^```\n\n```json\n([\s\S]*?)^```$/gm)].map(([, command = '', answer = '']) => ({
  command,
  answer: JSON.parse(answer) as object,
}));

const atTheEnd: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of atTheEnd.toReversed()) await end();
});

const environment: Record<string, string | undefined> = { PATH: process.env['PATH'] };
let workFolder: string;

beforeAll(async () => {
  workFolder = await mkdtemp(path.join(tmpdir(), 'sandport-examples-'));
  atTheEnd.push(() => rm(workFolder, { recursive: true, force: true }));
  await buildExecutor();
  const folder = await ExecutorFolder.make();
  atTheEnd.push(() => folder.remove());
  const executor = await SpawnedExecutor.start(folder, { provider: { id: 'wasm', config: {} }, healthIntervalMs: 1000 });
  atTheEnd.push(() => executor.kill());
  // Its interpreters are compiled when it first looks at itself.
  await vi.waitFor(async () => expect((await fetch(`${executor.address}/readyz`)).status).toBe(200), { timeout: 90_000, interval: 100 });
  Object.assign(environment, { EXECUTOR: executor.address, TOKEN: folder.token }, await startAdmin());
}, 180_000);

/** An admin app with a configuration, and a token for it. */
async function startAdmin() {
  const settings = openSqliteSettings({ path: path.join(workFolder, 'settings.sqlite'), providers: [wasmProvider], environment: {} });
  atTheEnd.push(() => settings.close());
  const change = { providerType: 'wasm', providers: { wasm: { config: {} } } };
  await settings.configurations.change(change, { author: 'docs', reason: 'an example', base: null });
  const routes = openSandboxRoutes({ settings, providers: [wasmProvider], connections: { allowedPrivateNetworks: [] } });
  atTheEnd.push(async () => routes[Symbol.asyncDispose]());
  const config = adminConfigSchema.parse({ listen: { port: 0 }, log: { level: 'silent' } });
  const admin = await Admin.start({
    config,
    settings,
    handlers: routes.handlers,
    log: makeLog(config),
    version: '0.0.0',
    pageFolder: path.join(workFolder, 'no-page'),
  });
  atTheEnd.push(() => admin.stop(0));
  const secret = makeToken();
  const token = { id: 'docs', name: 'docs', role: 'viewer', digest: digestOf(secret), createdBy: 'docs', endsAtMs: null } as const;
  await settings.people.createToken(token, { actor: 'docs' });
  return { ADMIN: admin.address, ADMIN_TOKEN: secret };
}

test('the page has examples, each with its answer', () => {
  expect(examples.length).toBeGreaterThan(5);
  expect(examples).toHaveLength(page.split('\n```sh\n').length - 1);
});

test.each(examples)('$command', async ({ command, answer }) => {
  const { stdout } = await promisify(execFile)('sh', ['-ec', command], { cwd: workFolder, env: environment, timeout: 25_000 });
  // Of events the last is shown.
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject(answer);
});
