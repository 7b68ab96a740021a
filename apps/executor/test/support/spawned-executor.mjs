// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hashToken, makeToken } from '@sandport/executor';

/** The command as it is published. It must have been built. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const COLLECT_GARBAGE = new URL('collect-garbage.mjs', import.meta.url).href;

/** Longer than a start may take on a machine that is busy otherwise. */
const START_TIMEOUT_MS = 30_000;

/**
 * What an executor took at one moment.
 *
 * @typedef {{ sockets: number, residentBytes: number, heapBytes: number }} Footprint
 */

/** A folder with the tokens of executors and all that they need beside their configuration. */
export class ExecutorFolder {
  /** @type {string} */
  path;
  /** Good for everything, for every tenant. */
  token = makeToken();
  #configs = 0;

  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  static async make() {
    const folder = new ExecutorFolder(await mkdtemp(join(tmpdir(), 'sandport-executor-')));
    const scopes = ['execute', 'sandboxes', 'read', 'metrics'];
    const token = { id: 'everything', tenant: '*', scopes, maxConcurrency: 10_000, maxSandboxes: 10_000, sha256: hashToken(folder.token) };
    await writeFile(join(folder.path, 'tokens.json'), JSON.stringify({ tokens: [token] }));
    await writeFile(join(folder.path, 'sandbox-key'), makeToken());
    return folder;
  }

  /** @param {object} config */
  async writeConfig(config) {
    this.#configs += 1;
    const file = join(this.path, `config-${this.#configs}.json`);
    const own = {
      tokensFile: join(this.path, 'tokens.json'),
      sandboxKeyFile: join(this.path, 'sandbox-key'),
      listen: { port: 0 },
      open: { ready: true },
    };
    await writeFile(file, JSON.stringify({ ...own, ...config }));
    return file;
  }

  async remove() {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** An executor that is a process of its own. */
export class SpawnedExecutor {
  /** When the process was started, by `performance.now()`. */
  startedAtMs = performance.now();
  address = '';
  /** The last lines that it wrote. @type {string[]} */
  lines = [];
  #heapBytes = Number.NaN;
  #child;
  #ended;

  /** @param {readonly string[]} command @param {NodeJS.ProcessEnv} env */
  constructor(command, env) {
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => this.#note(line));
    this.#ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, signal: child.signalCode }));
  }

  /**
   * Starts one, and resolves when it listens.
   *
   * @param {ExecutorFolder} folder
   * @param {object} config
   */
  static async start(folder, config) {
    const file = await folder.writeConfig(config);
    const { PATH, DOCKER_HOST } = process.env;
    const command = ['--expose-gc', '--import', COLLECT_GARBAGE, MAIN, 'serve', '--config', file];
    const executor = new SpawnedExecutor(command, { PATH, DOCKER_HOST, HOME: folder.path });
    try {
      await executor.#untilItListens();
      return executor;
    } catch (error) {
      await executor.kill();
      throw error;
    }
  }

  get pid() {
    return this.#child.pid ?? -1;
  }

  /** Resolves when the process is over, however it ended. */
  get ended() {
    return this.#ended;
  }

  /** @param {NodeJS.Signals} [signal] */
  signal(signal = 'SIGTERM') {
    this.#child.kill(signal);
  }

  /** Ends it at once. */
  async kill() {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  /** Resolves when programs can be run, with the time since the process was started. */
  async untilReady() {
    const deadlineMs = this.startedAtMs + START_TIMEOUT_MS;
    let report = '';
    while (performance.now() < deadlineMs) {
      const answer = await fetch(`${this.address}/readyz`, { headers: { connection: 'close' } });
      report = await answer.text();
      if (answer.status === 200) return performance.now() - this.startedAtMs;
      await delay(20);
    }
    throw new Error(`not ready within ${START_TIMEOUT_MS} ms: ${report}`);
  }

  /** What it takes once everything was let go of that nobody needs. */
  async footprint() {
    this.#heapBytes = Number.NaN;
    this.signal('SIGUSR2');
    while (Number.isNaN(this.#heapBytes) && this.#child.exitCode === null) await delay(20);
    const names = await readdir(`/proc/${this.pid}/fd`);
    const links = await Promise.all(names.map((name) => readlink(`/proc/${this.pid}/fd/${name}`).catch(nothingIfGone)));
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return {
      sockets: links.filter((link) => link.startsWith('socket:')).length,
      residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024,
      heapBytes: this.#heapBytes,
    };
  }

  /** @param {string} line */
  #note(line) {
    if (line.startsWith(HEAP)) this.#heapBytes = Number(line.slice(HEAP.length));
    this.lines.push(line);
    this.lines.splice(0, this.lines.length - MOST_LINES);
    if (this.address === '' && line.includes('"msg":"listening"')) this.address = JSON.parse(line).address;
  }

  async #untilItListens() {
    const deadlineMs = this.startedAtMs + START_TIMEOUT_MS;
    while (this.address === '') {
      if (this.#child.exitCode !== null || performance.now() > deadlineMs) throw new Error(`does not listen:\n${this.lines.join('\n')}`);
      await delay(5);
    }
  }
}

const MOST_LINES = 200;

/** What stands before the figure that `collect-garbage.mjs` tells. */
const HEAP = 'heap ';

/** @param {unknown} error */
function nothingIfGone(error) {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}
