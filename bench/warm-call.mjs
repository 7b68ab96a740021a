// @ts-check
/**
 * How long a call to a trivial `main` takes when a warm container waits for it, beside two things measured in the same run:
 * (a) a bare start of the interpreter on this machine, (b) the way of four `docker exec` commands into a container that is reused.
 *
 * node bench/warm-call.mjs [--calls N] [--json]
 *
 * It needs an engine with the images built, at DOCKER_HOST or the local socket, and the `docker` command for (b).
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';

const run = promisify(execFile);
const { values } = parseArgs({ options: { calls: { type: 'string', default: '40' }, json: { type: 'boolean', default: false } } });
const calls = Number(values.calls);

const LANGUAGES = /** @type {const} */ ({
  python: {
    code: 'def main():\n    return 1\n',
    bare: ['python3', '-I', '-c', 'pass'],
    inside: ['python3', '-I', 'main.py'],
    file: 'main.py',
    script: 'print(1)',
  },
  javascript: {
    code: 'function main() { return 1; }\n',
    bare: ['node', '-e', '0'],
    inside: ['node', 'main.js'],
    file: 'main.js',
    script: 'console.log(1)',
  },
});

const ISOLATIONS = /** @type {const} */ ({ runc: 'runc', gvisor: 'runsc' });

/** @param {number[]} samples @param {number} share */
function percentile(samples, share) {
  const sorted = [...samples].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {string} what @param {number[]} samples */
function summary(what, samples) {
  return { what, count: samples.length, p50Ms: percentile(samples, 0.5), p95Ms: percentile(samples, 0.95) };
}

/** @param {() => Promise<unknown>} action */
async function timed(action) {
  const began = performance.now();
  await action();
  return performance.now() - began;
}

/** @param {readonly string[]} command @param {Buffer} [input] */
async function start(command, input) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(input);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
}

/** The interpreter itself: a version manager's launcher on the path would make our ratio look better than it is. */
/** @param {string} command */
async function interpreterOf(command) {
  if (command === 'node') return process.execPath;
  const { stdout } = await run(command, ['-I', '-c', 'import sys; print(sys.executable)']);
  return stdout.trim();
}

/** @param {keyof typeof LANGUAGES} language */
async function bareStarts(language) {
  const samples = [];
  const [command, ...args] = LANGUAGES[language].bare;
  const interpreter = await interpreterOf(command);
  for (let index = 0; index < calls; index += 1) samples.push(await timed(() => start([interpreter, ...args])));
  return summary(`(a) bare ${LANGUAGES[language].bare.join(' ')}`, samples);
}

/** @param {keyof typeof LANGUAGES} language @param {keyof typeof ISOLATIONS} isolation */
async function warmCalls(language, isolation) {
  const provider = createProvider(dockerProvider, { isolation, warmContainers: 1 });
  const samples = [];
  try {
    for (let index = -2; index < calls; index += 1) {
      let claimMs = 0;
      const elapsedMs = await timed(async () => {
        const sandbox = await provider.createSandbox({ language });
        const result = await sandbox.execute({ language, code: LANGUAGES[language].code });
        if (result.status !== 'completed' || result.value !== 1) throw new Error(`unexpected result: ${JSON.stringify(result)}`);
        claimMs = result.clock.claimMs;
        // The caller has its answer; the container's end is not part of the call.
        void sandbox.destroy();
      });
      // The first calls make the pool; a call that had to wait for a container was not warm.
      if (index >= 0 && claimMs < 5) samples.push(elapsedMs);
      await delay(isolation === 'gvisor' ? 1_800 : 1_000);
    }
  } finally {
    await provider.close();
  }
  return summary(`Sandport, warm call, ${isolation}`, samples);
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

/** The predecessor's way: one container for everybody, and four commands for each call. */
/** @param {keyof typeof LANGUAGES} language @param {keyof typeof ISOLATIONS} isolation */
async function fourExecs(language, isolation) {
  const name = `sandport-bench-${process.pid}`;
  const { inside, file, script } = LANGUAGES[language];
  const image = `sandport/${language}:minimal`;
  await run('docker', [
    'run',
    '--detach',
    '--name',
    name,
    `--runtime=${ISOLATIONS[isolation]}`,
    '--network=none',
    '--tmpfs=/workspace:exec',
    image,
    'sleep',
    '3600',
  ]);
  const samples = [];
  try {
    const archive = await archiveOf(file, script);
    for (let index = 0; index < Math.min(calls, 20); index += 1) {
      const folder = `/workspace/${index}`;
      samples.push(
        await timed(async () => {
          await start(['docker', 'exec', name, 'mkdir', '-p', folder]);
          await start(
            ['docker', 'exec', '--interactive', name, 'tar', '--extract', '--gzip', '--file=-', `--directory=${folder}`],
            archive,
          );
          await start(['docker', 'exec', '--workdir', folder, name, ...inside]);
          await start(['docker', 'exec', name, 'rm', '-rf', folder]);
        }),
      );
    }
  } finally {
    await run('docker', ['rm', '--force', name]);
  }
  return summary(`(b) four docker exec, ${isolation}`, samples);
}

const report = [];
for (const language of /** @type {(keyof typeof LANGUAGES)[]} */ (Object.keys(LANGUAGES))) {
  const bare = await bareStarts(language);
  report.push({ language, ...bare });
  for (const isolation of /** @type {(keyof typeof ISOLATIONS)[]} */ (Object.keys(ISOLATIONS))) {
    const warm = await warmCalls(language, isolation);
    const execs = await fourExecs(language, isolation);
    report.push({ language, ...warm, timesBare: warm.p50Ms / bare.p50Ms, fasterThanExecs: execs.p50Ms / warm.p50Ms });
    report.push({ language, ...execs });
  }
}
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  for (const row of report) {
    const ratios =
      'timesBare' in row ? `  ${row.timesBare.toFixed(2)} of (a), ${row.fasterThanExecs.toFixed(0)} times faster than (b)` : '';
    process.stdout.write(
      `${row.language.padEnd(11)} ${row.what.padEnd(36)} p50 ${row.p50Ms.toFixed(1).padStart(7)} ms  p95 ${row.p95Ms.toFixed(1).padStart(7)} ms  (${row.count} calls)${ratios}\n`,
    );
  }
}
