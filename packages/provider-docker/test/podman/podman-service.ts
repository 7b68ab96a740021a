import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';

const READY_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Podman gives each container a limit of processes that a root without CAP_SYS_RESOURCE may not set, as on many virtual machines of CI services. The
 * containers' own limits are those of their control groups.
 */
const RUNTIME = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const words = process.argv.slice(2);
const bundle = words[words.indexOf('--bundle') + 1];
if (words.includes('create') && words.includes('--bundle')) {
  const path = bundle + '/config.json';
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config.process.rlimits = (config.process.rlimits ?? []).filter(({ type }) => type !== 'RLIMIT_NPROC');
  writeFileSync(path, JSON.stringify(config));
}
const { status } = spawnSync('runc', words, { stdio: 'inherit' });
process.exitCode = status ?? 1;
`;

/** Podman's service with folders of its own. Nothing of the machine's Podman is used. */
export class PodmanService {
  readonly dockerHost: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sandport-podman-'));
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #complaints = '';

  constructor() {
    const socketPath = join(this.#folder, 'podman.sock');
    this.dockerHost = `unix://${socketPath}`;
    const [storage, containers, runtime] = ['storage.conf', 'containers.conf', 'runtime'].map((name) => join(this.#folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(storage, `[storage]\ndriver = ""\nrunroot = "${this.#folder}/run"\ngraphroot = "${this.#folder}/data"\n`);
    const engine = 'cgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "runc"';
    writeFileSync(containers, `[engine]\n${engine}\n[engine.runtimes]\nrunc = ["${runtime}"]\n`);
    writeFileSync(runtime, RUNTIME, { mode: 0o755 });
    this.#environment = { ...process.env, CONTAINERS_STORAGE_CONF: storage, CONTAINERS_CONF: containers, TMPDIR: this.#folder };
  }

  async start(): Promise<void> {
    const child = spawn('podman', ['system', 'service', '--time=0', this.dockerHost], {
      // conmon leaves a file where it was started when a container has no memory left.
      cwd: this.#folder,
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#complaints += text));
    this.#child = child;
    const deadline = Date.now() + READY_TIMEOUT_MS;
    const docker = this.#client();
    while (!(await isUp(docker))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Podman does not come up: ${this.#complaints}`);
      await delay(50);
    }
  }

  /** Takes images from another engine, so that nothing is built twice. */
  async takeImages(from: Docker, tags: readonly string[]): Promise<void> {
    const archive = join(this.#folder, 'images.tar');
    for (const tag of tags) {
      await pipeline(await from.getImage(tag).get(), createWriteStream(archive));
      this.#podman(['load', '--quiet', '--input', archive]);
      rmSync(archive);
    }
  }

  /** Ends the service and what it runs, and removes everything of it. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null) {
      const exit = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
      child.kill('SIGTERM');
      await exit;
    }
    this.#podman(['system', 'reset', '--force']);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #podman(words: readonly string[]): void {
    execFileSync('podman', words, { env: this.#environment, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 });
  }

  #client(): Docker {
    return new Docker({ socketPath: this.dockerHost.slice('unix://'.length) });
  }
}

async function isUp(docker: Docker): Promise<boolean> {
  return docker.info().then(
    () => true,
    () => false,
  );
}
