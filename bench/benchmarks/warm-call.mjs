// @ts-check
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { bareStarts, runToEnd } from '../measure/bare-start.mjs';
import { LANGUAGES, RUNTIMES } from '../measure/runtimes.mjs';
import { summarise, timed } from '../measure/samples.mjs';
import { openWarmPool } from '../measure/warm-pool.mjs';

/** @import { Row } from '../measure/report.mjs' */
/** @import { Isolation, Language } from '../measure/runtimes.mjs' */

const run = promisify(execFile);

/** What the predecessor's way unpacks and starts. */
const SCRIPTS = /** @type {const} */ ({
  python: { inside: ['python3', '-I', 'main.py'], file: 'main.py', script: 'print(1)' },
  javascript: { inside: ['node', 'main.js'], file: 'main.js', script: 'console.log(1)' },
});

/**
 * One warm call at a time, beside (a) a bare start of the interpreter on this machine, (b) the way of four `docker exec` commands into a container
 * that is reused.
 *
 * @param {{ calls: number, isolations: readonly Isolation[], languages: readonly Language[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureWarmCalls({ calls, isolations, languages }) {
  const rows = [];
  for (const language of languages) {
    const bare = summarise(`(a) bare ${LANGUAGES[language].bare.join(' ')}`, await bareStarts(language, calls));
    rows.push(bare);
    for (const isolation of isolations) {
      const warm = summarise(`warm call, ${language}, ${isolation}`, await warmCalls(language, isolation, calls));
      const execs = summarise(`(b) four docker exec, ${language}, ${isolation}`, await fourExecs(language, isolation, Math.min(calls, 20)));
      const facts = { ofBare: warm.p50Ms / bare.p50Ms, fasterThanExecs: execs.p50Ms / warm.p50Ms };
      rows.push({ ...warm, facts, note: `${facts.ofBare.toFixed(2)} of (a), ${facts.fasterThanExecs.toFixed(0)} times faster than (b)` });
      rows.push(execs);
    }
  }
  return rows;
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
    return samples;
  } finally {
    await pool.close();
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
