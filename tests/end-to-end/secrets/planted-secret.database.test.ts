import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { metrics, trace } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createSandboxClient } from '../../../packages/client/src/index.ts';
import * as core from '../../../packages/core/src/index.ts';
import { openSettings, type DatabaseKind } from '../../../packages/settings/src/index.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eachDatabase } from '../../../packages/settings/test/databases.ts';
import { markingProvider } from '../marking-provider.mjs';
import { dumpDatabase } from './dump-database.ts';
import { watchProcesses } from './process-watch.ts';
import { SecretSearch } from './secret-search.ts';

const COMMAND = fileURLToPath(new URL('../../../packages/cli/test/fake-cli.mjs', import.meta.url));

/** Every verb that meets a configuration, the failing ones too. */
const COMMAND_LINES: readonly (readonly string[])[] = [
  ['config', 'get'],
  ['config', 'get', '--json'],
  ['config', 'set', 'fake', 'level=99', '--debug'],
  ['config', 'set', 'fake', 'token=', 'level=3', '--draft', '--reason', 'a draft'],
  ['config', 'set', 'fake', 'level=2', '--no-test'],
  ['config', 'history', '--json'],
  ['config', 'show', '--json'],
  ['config', 'diff', '1', '2', '--json'],
  ['config', 'diff', '1', '2'],
  ['config', 'audit', '--json'],
  ['config', 'test', 'fake', '--json'],
  ['config', 'rollback', '2', '--no-test', '--reason', 'back'],
  ['settings', 'status', '--json'],
  ['secrets', 'rotate', '--json'],
  ['doctor', '--json'],
  ['doctor', '--debug'],
  ['run', '-', '--json'],
  ['run', '-', '--debug'],
  ['config', 'activate', '9999', '--debug'],
];

interface Setting {
  readonly kind: DatabaseKind;
  readonly location: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
  readonly search: SecretSearch;
}

describe.each(eachDatabase)('on $kind', ({ kind, create }) => {
  test('a planted secret and the keys are found nowhere in the clear', { timeout: 240_000 }, async () => {
    const { location, drop } = await create();
    const folder = mkdtempSync(join(tmpdir(), 'sandport-secrets-'));
    onTestFinished(async () => {
      await drop();
      rmSync(folder, { recursive: true });
    });
    const [token, masterKey] = [`planted-${randomBytes(12).toString('hex')}`, randomBytes(32).toString('base64')];
    const secrets: Record<string, string> = { token, 'master key': masterKey };
    if (kind !== 'sqlite') secrets['password of the database'] = decodeURIComponent(new URL(location).password);
    const search = new SecretSearch(secrets);
    const environment = { PATH: process.env['PATH'] ?? '', HOME: folder, SANDPORT_SETTINGS: location, SANDPORT_MASTER_KEY: masterKey };
    const setting: Setting = { kind, location, folder, environment, token, search };

    const watch = watchProcesses((place, content) => search.look(place, content));
    try {
      await useCommand(setting);
      await useClient(setting);
      await meetErrors(setting);
    } finally {
      expect(watch.end()).toBeGreaterThan(10);
    }
    search.look('the dump of the database', await dumpDatabase(kind, location));
    expect(search.found).toEqual([]);
    process.stdout.write(`${kind}: looked for ${Object.keys(secrets).join(', ')} in ${search.looks} places\n`);

    // The search itself can find: here is a token that somebody wrote past Sandport.
    await writePast(setting);
    search.look('the dump of the database', await dumpDatabase(kind, location));
    expect(search.found).toEqual(['token in the dump of the database']);
  });
});

async function useCommand({ environment, folder, token, search }: Setting): Promise<void> {
  const run = async (words: readonly string[]) => {
    const outcome = await runCommand(words, environment);
    search.look(`the output of sandport ${words.join(' ')}`, outcome.output);
    return outcome;
  };
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, token);
  expect(await run(['settings', 'migrate'])).toMatchObject({ exitCode: 0 });
  expect(await run(['config', 'set', 'fake', '--secret-file', `token=${tokenFile}`, 'level=1'])).toMatchObject({ exitCode: 0 });
  expect(await run(['config', 'use', 'fake', '--no-test'])).toMatchObject({ exitCode: 0 });
  for (const words of COMMAND_LINES) {
    const { output } = await run(words);
    expect([words, output]).not.toEqual([words, '']);
  }
}

function runCommand(words: readonly string[], env: Readonly<Record<string, string>>): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [COMMAND, ...words], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, output: stdout + stderr });
    });
    child.stdin?.end('out hello\nvalue 1\n');
  });
}

/** The API, telemetry, and what a result says. */
async function useClient({ location, environment, folder, token, search }: Setting): Promise<void> {
  const meter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: meter, exportIntervalMillis: 60_000 });
  const spans = new InMemorySpanExporter();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  const providers = [markingProvider(core, 'alpha', join(folder, 'marks')), markingProvider(core, 'beta', join(folder, 'marks'))];
  const settings = openSettings(location, { providers, environment });
  try {
    const { configurations } = settings;
    const seen = await configurations.active();
    const change = { providerType: 'alpha', providers: { alpha: { config: { token } }, beta: { config: { token: `${token}` } } } };
    const { number } = await configurations.change(change, { author: 'test', reason: 'plants a secret', base: seen.version });
    await using client = createSandboxClient({ settings, providers });
    const answers = {
      active: await configurations.active(),
      history: await configurations.history(),
      version: await configurations.version(number),
      diff: await configurations.diff(1, number),
      audit: await configurations.audit(),
      findings: await configurations.validate(number),
      result: await client.execute({ code: 'p' }),
      health: await client.checkHealth(),
      info: await client.providerInfo(),
    };
    expect(answers.result.status).toBe('completed');
    for (const [name, answer] of Object.entries(answers)) {
      search.look(`the answer ${name}`, JSON.stringify(answer));
      search.look(`the inspected answer ${name}`, inspect(answer, { depth: 12, showHidden: true }));
    }
    search.look('the inspected client', inspect(client, { depth: 12, showHidden: true }));
    search.look('the inspected settings', inspect(settings, { depth: 12, showHidden: true }));
    await reader.forceFlush();
    search.look('the metrics', JSON.stringify(meter.getMetrics()));
    search.look('the spans', inspect(spans.getFinishedSpans(), { depth: 6 }));
    expect(spans.getFinishedSpans().length).toBeGreaterThan(0);
  } finally {
    await settings.close();
    metrics.disable();
    trace.disable();
  }
}

/** Everything that can be wrong with a secret, and with the way to the database. */
async function meetErrors({ kind, location, environment, folder, token, search }: Setting): Promise<void> {
  const providers = [markingProvider(core, 'alpha', join(folder, 'marks'))];
  const attempt = async (place: string, work: () => Promise<unknown>) => {
    const outcome: unknown = await work().catch((error: unknown) => error);
    expect([place, outcome instanceof Error]).toEqual([place, true]);
    search.look(place, inspect(outcome, { depth: 12, showHidden: true }));
    search.look(`${place}, as JSON`, JSON.stringify(outcome, Object.getOwnPropertyNames(outcome)));
  };
  const open = (address: string, variables: Readonly<Record<string, string>>) =>
    openSettings(address, { providers, environment: variables });
  const { SANDPORT_MASTER_KEY: _, ...withoutKey } = environment;
  for (const [place, variables] of [
    ['a call without a master key', withoutKey],
    ['a call with another master key', { ...environment, SANDPORT_MASTER_KEY: randomBytes(32).toString('base64') }],
    ['a call with a broken master key', { ...environment, SANDPORT_MASTER_KEY: `${environment['SANDPORT_MASTER_KEY']}x` }],
  ] as const) {
    const settings = open(location, variables);
    const client = createSandboxClient({ settings, providers });
    await attempt(place, () => client.execute({ code: 'p' }));
    await client.close();
    await settings.close();
  }
  const settings = open(location, environment);
  const base = (await settings.configurations.active()).version;
  const author = { author: 'test', reason: 'a mistake', base };
  await attempt('a change with a slip in a name', () =>
    settings.configurations.change({ providers: { alpha: { config: { tokne: token } } } }, author),
  );
  await attempt('a change of a wrong type', () =>
    settings.configurations.change({ providers: { alpha: { config: { token: [token] as never } } } }, author),
  );
  await attempt('a conflict', () =>
    settings.configurations.change({ providers: { alpha: { config: { token: `${token}2` } } } }, { ...author, base: 1 }),
  );
  await settings.close();
  if (kind === 'sqlite') return;
  const wrong = new URL(location);
  wrong.password = token;
  const unreachable = open(wrong.href, environment);
  await attempt('a wrong password', () => unreachable.read(['sandbox.provider_type']));
  await unreachable.close();
}

async function writePast({ location, environment, token }: Setting): Promise<void> {
  const settings = openSettings(location, { environment });
  await settings.write([{ name: 'sandbox.alpha', source: 'somebody', dataType: 'json', value: JSON.stringify({ token }) }]);
  await settings.close();
}
