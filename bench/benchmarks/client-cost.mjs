// @ts-check
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSandboxClient } from '@sandport/client';
import { createProvider } from '@sandport/core';
import { openSqliteSettings } from '@sandport/settings';
import { instantProvider } from '../measure/instant-provider.mjs';
import { summarise, timed } from '../measure/samples.mjs';

/** @import { Row } from '../measure/report.mjs' */
/** @import { Summary } from '../measure/samples.mjs' */

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '../..');

const CALLS = 20_000;
const IMPORTS = 20;
const PACKING_MS = 60_000;
const GOAL_ADDED_MS = 2;
const GOAL_IMPORT_MS = 50;

const REQUEST = { code: 'def main(name):\n    return f"Hello {name}"\n', arguments: { name: 'World', rows: [1, 2, 3] } };

/**
 * What the client adds to a call: the same calls through it, and straight to the provider, which runs nothing. Beside it, what importing the client costs.
 *
 * @returns {Promise<Row[]>}
 */
export async function measureClientCost() {
  const direct = summarise('the provider called directly', await directCalls());
  const { reporting, silent } = await clientCalls();
  const through = summarise('the same through the client', reporting);
  const quiet = summarise('the same, its usage not reported', silent);
  const addedMs = { addedP50Ms: through.p50Ms - direct.p50Ms, addedP99Ms: through.p99Ms - direct.p99Ms };
  const note = `${addedMs.addedP50Ms.toFixed(3)} ms more at p50`;
  const reportMs = { addedP50Ms: through.p50Ms - quiet.p50Ms, addedP99Ms: through.p99Ms - quiet.p99Ms };
  const quietNote = `to report it costs ${reportMs.addedP50Ms.toFixed(4)} ms at p50, ${reportMs.addedP99Ms.toFixed(4)} ms at p99`;
  const [imports, core] = await importsAsInstalled();
  return [
    { ...direct, series: 'direct' },
    {
      ...through,
      series: 'client',
      goals: [{ what: 'the client adds at p99', unit: 'ms', bound: 'at most', limit: GOAL_ADDED_MS, value: addedMs.addedP99Ms }],
      facts: addedMs,
      note,
    },
    { ...quiet, series: 'silent-client', facts: reportMs, note: quietNote },
    { ...core, series: 'import-core' },
    {
      ...imports,
      series: 'import-client',
      goals: [{ what: 'an import at p50', unit: 'ms', bound: 'at most', limit: GOAL_IMPORT_MS, value: imports.p50Ms }],
    },
  ];
}

async function directCalls() {
  const provider = createProvider(instantProvider, {});
  return measured(async () => {
    const sandbox = await provider.createSandbox({ language: 'python' });
    await sandbox.execute(REQUEST);
    await sandbox.destroy();
  });
}

/** By two clients in turn, one of which tells the settings how its calls went. */
async function clientCalls() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-bench-'));
  const settings = openSqliteSettings({ path: path.join(folder, 'settings.sqlite'), providers: [instantProvider] });
  const client = createSandboxClient({ settings, providers: [instantProvider] });
  const quiet = createSandboxClient({ settings, providers: [instantProvider], reportUsage: false });
  try {
    const change = { providerType: 'instant', providers: { instant: { config: {} } } };
    await settings.configurations.change(change, { author: 'bench', reason: 'measuring', base: null });
    /** @type {number[]} */
    const silent = [];
    const reporting = await measured(
      () => client.execute(REQUEST),
      async () => void silent.push(await timed(() => quiet.execute(REQUEST))),
    );
    return { reporting, silent: silent.slice(-CALLS) };
  } finally {
    await client.close();
    await quiet.close();
    await settings.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {() => Promise<unknown>} call
 * @param {() => Promise<unknown>} [inTurn] what is done after each call.
 */
async function measured(call, inTurn) {
  const samples = [];
  for (let index = -2_000; index < CALLS; index += 1) {
    const tookMs = await timed(call);
    // The first ones are the compiler's.
    if (index >= 0) samples.push(tookMs);
    await inTurn?.();
    // Lets the client look after its settings meanwhile, as a program that waits for programs does.
    if (index % 10 === 0) await nextTurn();
  }
  return samples;
}

/** Of the client and of core alone, from their tarballs. @returns {Promise<[Summary, Summary]>} */
async function importsAsInstalled() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-bench-'));
  try {
    for (const name of ['@sandport/client', '@sandport/core']) await install(folder, name);
    const [client, core] = [await importTimes('@sandport/client', folder), await importTimes('@sandport/core', folder)];
    return [summarise('import of @sandport/client', client), summarise('import of @sandport/core', core)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {string} name */
async function install(folder, name) {
  const { packageManager } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  await run('npx', ['--yes', packageManager, '--filter', name, 'pack', '--pack-destination', folder], { cwd: root, timeout: PACKING_MS });
  const target = path.join(folder, 'node_modules', name);
  await mkdir(target, { recursive: true });
  const prefix = `${name.slice(1).replace('/', '-')}-`;
  const tarball = (await readdir(folder)).find((file) => file.startsWith(prefix) && file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`${name} was not packed.`);
  await run('tar', ['-xzf', path.join(folder, tarball), '-C', target, '--strip-components', '1']);
}

/** Milliseconds that `import` takes in a process of its own. @param {string} name @param {string} folder where it is installed */
async function importTimes(name, folder) {
  const script = `const began = performance.now(); await import(${JSON.stringify(name)}); process.stdout.write(String(performance.now() - began));`;
  const samples = [];
  for (let index = 0; index < IMPORTS; index += 1) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, timeout: 30_000 });
    samples.push(Number(stdout));
  }
  return samples;
}
