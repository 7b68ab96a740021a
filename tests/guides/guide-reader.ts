import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from '../../tools/setup/run-tool.mjs';
import { OUTSIDE_OF_TESTS } from '../packaging/repository-copy.ts';
import type { CommandStep, GuideStep } from './guide-steps.ts';
import { isPrinted } from './printed-text.ts';

const STEP_TIMEOUT_MS = 180_000;
/** How long a server may take until it has printed what the page says. */
const SERVER_TIMEOUT_MS = 60_000;

/** Ports of the pages, and the variables by which the same programs are told to take others: those of the pages may be in use on this machine. */
const PORT_VARIABLES = { '7420': 'SANDPORT_ADMIN_LISTEN_PORT', '9385': 'SANDPORT_EXECUTOR_LISTEN_PORT' } as const;

/** Free ports of this machine, by the port that stands in the pages. */
type Ports = ReadonlyMap<keyof typeof PORT_VARIABLES, number>;

/** What a reader has. */
export interface ReaderOptions {
  /** Variables by which `npm install` finds the packages of this clone. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the steps that need an engine are carried out, and the others only as far as those rest on them. */
  readonly hasEngine: boolean;
}

/** Somebody who follows a guide to the letter: in an empty folder, with a home folder where nothing is, in one shell from the first command to the last. */
export class GuideReader {
  readonly #root: string;
  readonly #options: ReaderOptions;
  readonly #ports: Ports;
  readonly #servers: ChildProcess[] = [];

  private constructor(root: string, ports: Ports, options: ReaderOptions) {
    this.#root = root;
    this.#ports = ports;
    this.#options = options;
  }

  static async create(options: ReaderOptions): Promise<GuideReader> {
    const root = await mkdtemp(path.join(tmpdir(), 'sandport-guide-'));
    for (const name of ['home', 'folder']) await mkdir(path.join(root, name));
    const ports: Ports = new Map([
      ['7420', await freePort()],
      ['9385', await freePort()],
    ]);
    await writeFile(path.join(root, 'variables'), '');
    await writeFile(path.join(root, 'where'), path.join(root, 'folder'));
    return new GuideReader(root, ports, options);
  }

  /** @throws Error that names the step which does not do what the page says. */
  async follow(steps: readonly GuideStep[]): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'file') await writeFile(path.join(await this.#where(), step.name), this.#withPorts(step.content));
      else if (step.kind === 'commands' && this.#isWanted(step)) await this.#type(step);
    }
  }

  async remove(): Promise<void> {
    await Promise.all(this.#servers.map(endServer));
    await rm(this.#root, { recursive: true, force: true });
  }

  /** What prints nothing that the page says prepares what comes later. */
  #isWanted({ needsEngine, printed }: CommandStep): boolean {
    return this.#options.hasEngine ? needsEngine || printed === undefined : !needsEngine;
  }

  async #type(step: CommandStep): Promise<void> {
    const { place, staysUp } = step;
    const printed = staysUp ? await this.#start(step) : await this.#run(step);
    const said = step.printed === undefined ? undefined : this.#withPorts(step.printed);
    if (said !== undefined && !isPrinted(printed, said)) throw new Error(`${place} prints\n${printed}\nand not\n${said}`);
  }

  async #run({ place, script }: CommandStep): Promise<string> {
    const remembered = `export -p > ${this.#file('variables')}; pwd > ${this.#file('where')}`;
    const typed = await this.#typed(`${script}\n${remembered}\n`);
    const options = { timeoutMs: STEP_TIMEOUT_MS, cwd: await this.#where(), env: this.#environment() };
    const { exitCode, stdout } = await runProgram(['sh', '-c', typed], options);
    if (exitCode !== 0) throw new Error(`${place} ends with ${exitCode}:\n${script}\n${stdout}`);
    return stdout;
  }

  /** Starts what goes on, and waits until it has printed what the page says. */
  async #start({ place, script, printed = '…' }: CommandStep): Promise<string> {
    const said = this.#withPorts(printed);
    const env = { ...process.env, ...this.#environment() };
    // A group of its own, so that what it starts ends with it.
    const server = spawn('sh', ['-c', await this.#typed(script)], {
      cwd: await this.#where(),
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#servers.push(server);
    return untilPrinted(server.stdout, said, place);
  }

  async #typed(script: string): Promise<string> {
    return ['set -e', 'exec 2>&1', this.#forgetting(), await readFile(this.#file('variables'), 'utf8'), this.#withPorts(script)].join('\n');
  }

  /** What a machine of tests may have been told, and a new user's was not. */
  #forgetting(): string {
    const ports: readonly string[] = Object.values(PORT_VARIABLES);
    const told = Object.keys(process.env).filter((name) => /^(?:SANDPORT|XDG|DOCKER)_\w+$/.test(name) && !ports.includes(name));
    const kept = this.#options.hasEngine ? told.filter((name) => !name.startsWith('DOCKER_')) : told;
    return kept.length === 0 ? '' : `unset ${kept.join(' ')}`;
  }

  #environment(): Record<string, string> {
    const ports: Record<string, string> = {};
    for (const [port, free] of this.#ports) ports[PORT_VARIABLES[port]] = String(free);
    return { ...OUTSIDE_OF_TESTS, ...this.#options.environment, ...ports, HOME: path.join(this.#root, 'home') };
  }

  #withPorts(text: string): string {
    return [...this.#ports].reduce((changed, [port, free]) => changed.replaceAll(`:${port}`, `:${free}`), text);
  }

  async #where(): Promise<string> {
    return (await readFile(this.#file('where'), 'utf8')).trim();
  }

  #file(name: string): string {
    return path.join(this.#root, name);
  }
}

/** What a server has printed by the time that it has printed what the page says. */
async function untilPrinted(output: Readable, said: string, place: string): Promise<string> {
  let printed = '';
  const late = setTimeout(() => output.destroy(new Error('it takes too long')), SERVER_TIMEOUT_MS);
  try {
    for await (const text of output.setEncoding('utf8').iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
      printed += text;
      if (isPrinted(printed, said)) return printed;
    }
    throw new Error('it has ended');
  } catch (error) {
    throw new Error(`${place} has not printed\n${said}\nbut\n${printed}`, { cause: error });
  } finally {
    clearTimeout(late);
    // Nobody reads any more, and nothing is held up by that.
    output.resume();
  }
}

async function endServer(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  process.kill(-server.pid, 'SIGTERM');
  if ((await Promise.race([ended, delay(10_000, 'late')])) === 'late') process.kill(-server.pid, 'SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
