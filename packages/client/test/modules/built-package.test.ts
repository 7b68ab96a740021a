import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

beforeAll(async () => {
  await run(process.execPath, [COMPILER, '-b', PACKAGE_FOLDER]);
}, 120_000);

test('importing the client loads the contract, its schema library and the API of OpenTelemetry, and no driver or SDK of anybody', async () => {
  const { stdout } = await run(process.execPath, [pathOf('loaded-modules.mjs')]);
  const loaded: unknown = JSON.parse(stdout);
  if (!Array.isArray(loaded)) throw new TypeError('a list was expected');
  const files = loaded.map(String).filter((address) => !address.startsWith('node:'));
  expect(files.length).toBeGreaterThan(20);
  const packages = new Set(files.map((file) => /.*\/(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
  expect(packages).toEqual(new Set(['@opentelemetry/api', 'client', 'core', 'zod']));
});

test('a process that leaves its client open ends by itself', async () => {
  const { stdout } = await run(process.execPath, [pathOf('one-call.mjs')], { timeout: 20_000 });
  expect(JSON.parse(stdout)).toEqual({ status: 'completed', reads: 1 });
});
