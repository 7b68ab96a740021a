// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { bareStarts } from '../measure/bare-start.mjs';
import { compare } from '../measure/report.mjs';
import { LANGUAGES } from '../measure/runtimes.mjs';
import { summarise, timed } from '../measure/samples.mjs';

/** @import { SandboxProvider } from '@sandport/core' */
/** @import { Row } from '../measure/report.mjs' */
/** @import { Language } from '../measure/runtimes.mjs' */

/** Calls that are under way at the same time when it is measured how many can be sustained. */
const CALLERS = 2;
const WAITING_CHILDREN = 3;
const GOAL_OF_BARE = 0.2;
/** On two cores. */
const GOAL_PER_SECOND = /** @type {const} */ ({ python: 8, javascript: 30 });
const MEBIBYTE = 1024 * 1024;

/** A limit that is not the configured one: such a child process is not in the pool, and is made for its claim. */
const UNCOMMON = { memoryBytes: 200 * MEBIBYTE };

/**
 * The embedded provider: a warm call beside a bare start of the interpreter, calls per second, the memory of what waits, and the time to make one more.
 *
 * @param {{ calls: number, languages: readonly Language[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureEmbedded({ calls, languages }) {
  /** @type {Row[]} */
  const rows = [];
  for (const language of languages) {
    const bare = summarise(`bare ${LANGUAGES[language].bare.join(' ')}`, await bareStarts(language, calls));
    const warm = summarise(`warm call, ${language}, wasm`, await warmCalls(language, calls));
    const toBare = compare(warm, bare, 'the bare start');
    rows.push({ ...bare, series: 'bare-start', language });
    rows.push({
      ...warm,
      series: 'warm-call',
      language,
      isolation: 'wasm',
      comparisons: [toBare],
      goals: [{ what: 'a warm call, of a bare start', unit: 'times', bound: 'at most', limit: GOAL_OF_BARE, value: toBare.ratio }],
    });
    rows.push(await refills(language, Math.min(calls, 20)), await sustained(language, calls * 8));
  }
  return rows;
}

/** @param {SandboxProvider} provider @param {Language} language */
async function call(provider, language) {
  const sandbox = await provider.createSandbox({ language });
  const result = await sandbox.execute({ language, code: LANGUAGES[language].code });
  if (result.status !== 'completed' || result.value !== 1) throw new Error(`unexpected result: ${JSON.stringify(result)}`);
  return { sandbox, clock: result.clock };
}

/** @param {Language} language @param {number} calls */
async function warmCalls(language, calls) {
  const provider = createProvider(wasmProvider, { warmChildren: 2, maxIdleChildren: 2 });
  try {
    const samples = [];
    for (let index = -1; index < calls; index += 1) {
      const began = performance.now();
      const { sandbox, clock } = await call(provider, language);
      const tookMs = performance.now() - began;
      await sandbox.destroy();
      // The first one of all is no warm one, and none that had to wait for a child process.
      if (index >= 0 && clock.claimMs + clock.queueMs < 20) samples.push(tookMs);
      await delay(600);
    }
    return samples;
  } finally {
    await provider.close();
  }
}

/** From asking for a child process that is not there to having it. @param {Language} language @param {number} count @returns {Promise<Row>} */
async function refills(language, count) {
  const provider = createProvider(wasmProvider, { warmChildren: 0 });
  try {
    const samples = [];
    for (let index = -1; index < count; index += 1) {
      const tookMs = await timed(async () => {
        const sandbox = await provider.createSandbox({ language, limits: UNCOMMON });
        await sandbox.destroy();
      });
      if (index >= 0) samples.push(tookMs);
    }
    return { ...summarise(`making a child process, ${language}`, samples), series: 'child-start', language };
  } finally {
    await provider.close();
  }
}

/** Calls without a pause, and what the children that wait weigh. @param {Language} language @param {number} calls @returns {Promise<Row>} */
async function sustained(language, calls) {
  const provider = createProvider(wasmProvider, { warmChildren: WAITING_CHILDREN, maxIdleChildren: WAITING_CHILDREN });
  try {
    await (await call(provider, language)).sandbox.destroy();
    await delay(2_500);
    const memory = memoryOfChildren();
    /** @type {number[]} */
    const samples = [];
    let left = calls;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: CALLERS }, async () => {
        while (left > 0) {
          left -= 1;
          samples.push(await timed(async () => (await call(provider, language)).sandbox.destroy()));
        }
      }),
    );
    const perSecond = (samples.length / (performance.now() - began)) * 1_000;
    const facts = { residentMebibytes: memory.resident, proportionalMebibytes: memory.proportional };
    const weight = `a waiting child: ${memory.resident.toFixed(0)} MiB resident, ${memory.proportional.toFixed(0)} MiB of its own share`;
    return {
      ...summarise(`${CALLERS} callers without a pause, ${language}`, samples),
      series: 'sustained',
      language,
      goals: [{ what: 'calls without a pause', unit: 'per second', bound: 'at least', limit: GOAL_PER_SECOND[language], value: perSecond }],
      facts,
      note: weight,
    };
  } finally {
    await provider.close();
  }
}

/** The mean of what waits, in mebibytes; nothing where the system does not tell. */
function memoryOfChildren() {
  const weights = process.platform === 'linux' ? readdirSync('/proc').filter(isChild).map(weightOf) : [];
  /** @param {'resident' | 'proportional'} name */
  const mean = (name) => weights.reduce((sum, weight) => sum + weight[name], 0) / weights.length;
  return { resident: mean('resident'), proportional: mean('proportional') };
}

/** @param {string} name of an entry of `/proc` */
function isChild(name) {
  if (!/^\d+$/.test(name)) return false;
  try {
    return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(readFileSync(`/proc/${name}/status`, 'utf8'));
  } catch (error) {
    // It ended while we looked.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** @param {string} pid */
function weightOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  /** @param {string} name */
  const mebibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { resident: mebibytes('Rss'), proportional: mebibytes('Pss') };
}
