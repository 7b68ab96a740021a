// @ts-check
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { bareStarts, runToEnd } from '../measure/bare-start.mjs';
import { compare } from '../measure/report.mjs';
import { LANGUAGES, RUNTIMES } from '../measure/runtimes.mjs';
import { summarise, timed } from '../measure/samples.mjs';
import { openWarmPool } from '../measure/warm-pool.mjs';

/** @import { Findings, Row } from '../measure/report.mjs' */
/** @import { Isolation, Language } from '../measure/runtimes.mjs' */
/** @import { Summary } from '../measure/samples.mjs' */

const run = promisify(execFile);

const GOAL_OF_BARE = 1;
const GOAL_FASTER_THAN_EXECS = /** @type {const} */ ({ runc: 30, gvisor: 15 });
/** These take long and vary little. */
const MOST_COLD_CALLS = 8;
const MOST_EXECS = 10;

/** What the predecessor's way unpacks and starts. */
const SCRIPTS = /** @type {const} */ ({
  python: { inside: ['python3', '-I', 'main.py'], file: 'main.py', script: 'print(1)' },
  javascript: { inside: ['node', 'main.js'], file: 'main.js', script: 'console.log(1)' },
});

/**
 * One warm call at a time, beside (a) a bare start of the interpreter on this machine, (b) the way of four `docker exec` commands into a container
 * that is reused, and a call whose container is made for it.
 *
 * @param {{ calls: number, isolations: readonly Isolation[], languages: readonly Language[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureWarmCalls({ calls, isolations, languages }) {
  /** @type {Row[]} */
  const rows = [];
  for (const language of languages) {
    const bare = summarise(`(a) bare ${LANGUAGES[language].bare.join(' ')}`, await bareStarts(language, calls));
    rows.push({ ...bare, series: 'bare-start', language });
    for (const isolation of isolations) {
      const { samples, misses } = await warmCalls(language, isolation, calls);
      const warm = summarise(`warm call, ${language}, ${isolation}`, samples);
      const cold = summarise(
        `cold call, ${language}, ${isolation}`,
        await coldCalls(language, isolation, Math.min(calls, MOST_COLD_CALLS)),
      );
      const execs = summarise(
        `(b) four docker exec, ${language}, ${isolation}`,
        await fourExecs(language, isolation, Math.min(calls, MOST_EXECS)),
      );
      rows.push({ ...warm, series: 'warm-call', language, isolation, misses, ...findings({ isolation, warm, bare, cold, execs }) });
      rows.push({ ...cold, series: 'cold-call', language, isolation }, { ...execs, series: 'four-execs', language, isolation });
    }
  }
  return rows;
}

/** @param {{ isolation: Isolation, warm: Summary, bare: Summary, cold: Summary, execs: Summary }} summaries @returns {Findings} */
function findings({ isolation, warm, bare, cold, execs }) {
  const toBare = compare(warm, bare, '(a)');
  const toExecs = compare(warm, execs, '(b)');
  return {
    comparisons: [toBare, toExecs, compare(warm, cold, 'a cold call')],
    goals: [
      { what: 'a warm call, of a bare start', unit: 'times', bound: 'at most', limit: GOAL_OF_BARE, value: toBare.ratio },
      {
        what: 'a warm call, faster than four docker exec',
        unit: 'times',
        bound: 'at least',
        limit: GOAL_FASTER_THAN_EXECS[isolation],
        value: 1 / toExecs.ratio,
      },
    ],
  };
}

/** @param {Language} language @param {Isolation} isolation @param {number} calls */
async function warmCalls(language, isolation, calls) {
  const pool = await openWarmPool({ language, isolation, size: 1 });
  const samples = [];
  try {
    for (let index = 0; index < calls; index += 1) {
      const began = performance.now();
      const sandbox = await pool.provider.createSandbox({ language });
      const result = await sandbox.execute({ language, code: LANGUAGES[language].code });
      const tookMs = performance.now() - began;
      if (result.status !== 'completed' || result.value !== 1) throw new Error(`unexpected result: ${JSON.stringify(result)}`);
      // The caller has its answer; the container's end is not part of the call.
      await sandbox.destroy();
      // A call that had to wait for a container was not warm.
      if (pool.isWarm(result.clock.queueMs + result.clock.claimMs)) samples.push(tookMs);
      await pool.refill(1);
    }
    return { samples, misses: calls - samples.length };
  } finally {
    await pool.close();
  }
}

/** Nothing is kept ready: the container is made for the call. @param {Language} language @param {Isolation} isolation @param {number} calls */
async function coldCalls(language, isolation, calls) {
  const provider = createProvider(dockerProvider, { isolation, warmContainers: 0, maxIdleContainers: 0 });
  try {
    const samples = [];
    // The first one also looks at the engine and the images.
    for (let index = -1; index < calls; index += 1) {
      const began = performance.now();
      const sandbox = await provider.createSandbox({ language });
      const result = await sandbox.execute({ language, code: LANGUAGES[language].code });
      const tookMs = performance.now() - began;
      if (result.status !== 'completed') throw new Error(`unexpected result: ${JSON.stringify(result)}`);
      if (index >= 0) samples.push(tookMs);
      await sandbox.destroy();
    }
    return samples;
  } finally {
    await provider.close();
  }
}

/** @param {string} file @param {string} script */
async function archiveOf(file, script) {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-bench-'));
  try {
    await writeFile(join(folder, file), script);
    const { stdout } = await run('tar', ['--create', '--gzip', '--file=-', `--directory=${folder}`, '.'], { encoding: 'buffer' });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The predecessor's way: one container for everybody, and four commands for each call. @param {Language} language @param {Isolation} isolation @param {number} calls */
async function fourExecs(language, isolation, calls) {
  const name = `sandport-bench-${process.pid}`;
  const { inside, file, script } = SCRIPTS[language];
  const image = `sandport/${language}:minimal`;
  await run('docker', [
    'run',
    '--detach',
    '--name',
    name,
    `--runtime=${RUNTIMES[isolation]}`,
    '--network=none',
    '--tmpfs=/workspace:exec',
    image,
    'sleep',
    '3600',
  ]);
  const samples = [];
  try {
    const archive = await archiveOf(file, script);
    for (let index = 0; index < calls; index += 1) {
      const folder = `/workspace/${index}`;
      samples.push(
        await timed(async () => {
          await runToEnd(['docker', 'exec', name, 'mkdir', '-p', folder]);
          await runToEnd(['docker', 'exec', '--interactive', name, 'tar', '--extract', '--gzip', '--file=-', `--directory=${folder}`], {
            input: archive,
          });
          await runToEnd(['docker', 'exec', '--workdir', folder, name, ...inside]);
          await runToEnd(['docker', 'exec', name, 'rm', '-rf', folder]);
        }),
      );
    }
  } finally {
    await run('docker', ['rm', '--force', name]);
  }
  return samples;
}
