import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as core from '../../../packages/core/src/index.ts';
import { openSettings, type StoredSettings } from '../../../packages/settings/src/index.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eachDatabase } from '../../../packages/settings/test/databases.ts';
import { markingProvider } from '../marking-provider.mjs';

const CALLING_PROCESS = fileURLToPath(new URL('calling-process.mjs', import.meta.url));
const PROCESSES = 4;
const SWITCHES = 50;
const LEAST_CALLS = 500;
const EFFECTIVE_WITHIN_MS = 1000;

interface Call {
  readonly id: string;
  readonly startedAtMs: number;
  readonly providerId?: string;
  readonly status?: string;
  readonly error?: string;
}

interface Switch {
  readonly providerId: string;
  /** When the operator was told that it is done. */
  readonly doneAtMs: number;
}

interface CallingProcess {
  readonly calls: Call[];
  readonly end: () => Promise<number | null>;
}

function startCalling(location: string, markFile: string, name: string): CallingProcess {
  const child = spawn(process.execPath, [CALLING_PROCESS, markFile, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], SANDPORT_SETTINGS: location },
  });
  const ended = once(child, 'close');
  const calls: Call[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    // The process writes nothing but calls.
    calls.push(...lines.map((line) => JSON.parse(line) as Call));
  });
  const end = async () => {
    child.stdin.end();
    await ended;
    return child.exitCode;
  };
  return { calls, end };
}

async function switchOften(settings: StoredSettings): Promise<Switch[]> {
  const switches: Switch[] = [];
  let { version } = await settings.configurations.active();
  for (let index = 0; index < SWITCHES; index += 1) {
    const providerId = index % 2 === 0 ? 'beta' : 'alpha';
    const { number } = await settings.configurations.change(
      { providerType: providerId },
      { author: 'operator', reason: `switch ${index}`, base: version },
    );
    version = number;
    switches.push({ providerId, doneAtMs: Date.now() });
    // Now and then longer than a client may take to follow, and now and then shorter.
    await delay(index % 5 === 4 ? 1_300 : 150 + Math.random() * 700);
  }
  return switches;
}

/** How long after each switch the last call of a process still began on the provider before it. Calls that began after the next switch say nothing. */
function delaysOf(calls: readonly Call[], switches: readonly Switch[]): number[] {
  return switches.map(({ providerId, doneAtMs }, index) => {
    const nextAtMs = switches[index + 1]?.doneAtMs ?? Number.POSITIVE_INFINITY;
    const late = calls.filter((call) => call.startedAtMs > doneAtMs && call.startedAtMs < nextAtMs && call.providerId !== providerId);
    return Math.max(0, ...late.map((call) => call.startedAtMs - doneAtMs));
  });
}

describe.each(eachDatabase)('on $kind', ({ kind, create }) => {
  test(
    `${SWITCHES} switches under calls of ${PROCESSES} processes fail none, repeat none, and count within a second`,
    { timeout: 180_000 },
    async () => {
      const { location, drop } = await create();
      const folder = mkdtempSync(join(tmpdir(), 'sandport-switching-'));
      const markFile = join(folder, 'marks');
      writeFileSync(markFile, '');
      const providers = [markingProvider(core, 'alpha', markFile), markingProvider(core, 'beta', markFile)];
      const settings = openSettings(location, { providers, migrateOnOpen: true });
      onTestFinished(async () => {
        await settings.close();
        await drop();
        rmSync(folder, { recursive: true });
      });
      const configs = { alpha: { config: {} }, beta: { config: { pace: 60 } } };
      await settings.configurations.change(
        { providerType: 'alpha', providers: configs },
        { author: 'operator', reason: 'first', base: null },
      );
      const processes = Array.from({ length: PROCESSES }, (_, index) => startCalling(location, markFile, `process${index}`));
      await expect.poll(() => processes.every(({ calls }) => calls.length > 0), { timeout: 30_000 }).toBe(true);
      const switches = await switchOften(settings);
      // The last switch gets its second, too.
      await delay(1_500);
      expect(await Promise.all(processes.map(({ end }) => end()))).toEqual(processes.map(() => 0));

      const calls = processes.flatMap((process) => process.calls);
      expect(calls.length).toBeGreaterThanOrEqual(LEAST_CALLS);
      expect(calls.filter(({ status }) => status !== 'completed')).toEqual([]);
      const marks = readFileSync(markFile, 'utf8').trimEnd().split('\n');
      expect(marks.toSorted()).toEqual(calls.map(({ id }) => id).toSorted());
      const delays = processes.flatMap((process) => delaysOf(process.calls, switches)).toSorted((left, right) => left - right);
      const [p50, max] = [delays[Math.floor(delays.length / 2)] ?? Number.NaN, delays.at(-1) ?? Number.NaN];
      process.stdout.write(
        `${kind}: ${calls.length} calls, ${switches.length} switches; a switch counted after ${p50} ms at p50, ${max} ms at most\n`,
      );
      expect(max).toBeLessThanOrEqual(EFFECTIVE_WITHIN_MS);
    },
  );
});
