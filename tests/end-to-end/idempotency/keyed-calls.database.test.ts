import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as core from '../../../packages/core/src/index.ts';
import { openSettings } from '../../../packages/settings/src/index.ts';
import { eachDatabase, type TestDatabase } from '../../../packages/settings/test/databases.ts';
import { describe, expect, test, vi, type TestContext } from 'vitest';
import { markingProvider } from '../marking-provider.mjs';

const KEYED_PROCESS = fileURLToPath(new URL('keyed-process.mjs', import.meta.url));
const PROCESSES = 4;
const KEYS = 25;

/** Of the provider, in milliseconds: the longest that it can be told to take. */
const PACE_MS = 1000;

interface Outcome {
  readonly key: string;
  readonly status?: string;
  readonly value?: unknown;
  readonly replayed?: boolean;
  readonly code?: string;
}

interface KeyedProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: string[];
}

describe.concurrent.each(eachDatabase)('on $kind', ({ create }) => {
  test('a call with a key runs once, in whichever process and however many send it at one moment', { timeout: 60_000 }, async (context) => {
    const { start, marks } = await installation(context, create, 30);
    const processes = await startAll(start, PROCESSES);
    const keys = Array.from({ length: KEYS }, (_, index) => `key-${index}`);
    for (const { child } of processes) child.stdin.end(`${keys.join('\n')}\n`);
    const outcomes = (await Promise.all(processes.map(outcomesOf))).flat();
    expect(outcomes).toHaveLength(PROCESSES * KEYS);
    expect(outcomes.filter(({ status, value }) => status !== 'completed' || value !== 'alpha')).toEqual([]);
    expect(outcomes.filter(({ replayed }) => replayed !== true)).toHaveLength(KEYS);
    expect(marks().toSorted()).toEqual(keys.toSorted());
  });

  test(
    'a call whose process is killed with its program started is lost, and nobody runs it again',
    { timeout: 90_000 },
    async (context) => {
      const { start, marks } = await installation(context, create, PACE_MS);
      const [first, second] = await startAll(start, 2);
      if (first === undefined || second === undefined) throw new Error('Two processes were asked for.');
      first.child.stdin.write('key\n');
      await vi.waitFor(() => expect(marks()).toEqual(['key']), { timeout: 20_000, interval: 5 });
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      second.child.stdin.end('key\n');
      expect(await outcomesOf(second)).toEqual([{ key: 'key', code: 'IDEMPOTENT_CALL_LOST' }]);
      expect(first.lines).toEqual(['ready']);
      expect(marks()).toEqual(['key']);
    },
  );
});

/** A database with one provider, a file that it marks its starts in, and processes that use both. */
async function installation(
  { onTestFinished: atEnd }: Pick<TestContext, 'onTestFinished'>,
  create: () => Promise<TestDatabase>,
  pace: number,
) {
  const { location, drop } = await create();
  const folder = mkdtempSync(join(tmpdir(), 'sandport-keyed-'));
  const markFile = join(folder, 'marks');
  writeFileSync(markFile, '');
  const children: KeyedProcess['child'][] = [];
  atEnd(async () => {
    for (const child of children) child.kill('SIGKILL');
    await drop();
    rmSync(folder, { recursive: true });
  });
  const settings = openSettings(location, { providers: [markingProvider(core, 'alpha', markFile)], migrateOnOpen: true });
  const change = { providerType: 'alpha', providers: { alpha: { config: { pace } } } };
  await settings.configurations.change(change, { author: 'operator', reason: 'first', base: null });
  await settings.close();
  const start = (): KeyedProcess => {
    const env = { PATH: process.env['PATH'], SANDPORT_SETTINGS: location };
    const child = spawn(process.execPath, [KEYED_PROCESS, markFile], { stdio: ['pipe', 'pipe', 'inherit'], env });
    children.push(child);
    const lines: string[] = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const pieces = (rest + text).split('\n');
      rest = pieces.pop() ?? '';
      lines.push(...pieces);
    });
    return { child, lines };
  };
  const marks = () => readFileSync(markFile, 'utf8').split('\n').filter(Boolean);
  return { start, marks };
}

async function startAll(start: () => KeyedProcess, count: number): Promise<KeyedProcess[]> {
  const processes = Array.from({ length: count }, start);
  await vi.waitFor(() => expect(processes.map(({ lines }) => lines)).toEqual(processes.map(() => ['ready'])), { timeout: 30_000 });
  return processes;
}

async function outcomesOf({ child, lines }: KeyedProcess): Promise<Outcome[]> {
  await once(child, 'close');
  expect(child.exitCode).toBe(0);
  return lines.slice(1).map((line) => JSON.parse(line) as Outcome);
}
