import { rm } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { EngineConnection } from './engine-connection.ts';
import { EngineGuard } from './engine-guard.ts';
import { DEFAULT_GUARD_LIMITS, type GuardLimits } from './guard-limits.ts';

interface GuardOptions {
  readonly engine: string;
  readonly listen: string;
  readonly mode: number;
  readonly image: readonly string[];
  readonly runtime: readonly string[];
  readonly maxMemoryBytes: number;
  readonly maxCpus: number;
  readonly maxOpenFiles: number;
  readonly maxTasks: number;
  readonly maxDiskBytes: number;
  readonly maxContainers: number;
}

const { images, runtimes, memoryBytes, cpus, openFiles, tasks, diskBytes, containers } = DEFAULT_GUARD_LIMITS;

/** Runs the guard of this process until it is told to end. */
export async function runGuard(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  await new Command('sandport-engine-guard')
    .description('Stands between an executor and its Docker engine: lets sandboxes be made, used and removed, and nothing else.')
    .requiredOption('--listen <path>', 'socket to listen on')
    .option('--engine <path>', "the engine's socket", '/var/run/docker.sock')
    .option('--mode <octal>', 'rights of the socket', octal, 0o660)
    .option('--image <name...>', 'images that may be started', [...images])
    .option('--runtime <name...>', 'runtimes that may be used', [...runtimes])
    .option('--max-memory-bytes <number>', 'memory of a sandbox', number, memoryBytes)
    .option('--max-cpus <number>', 'processors of a sandbox', number, cpus)
    .option('--max-open-files <number>', 'open files of a process', number, openFiles)
    .option('--max-tasks <number>', 'tasks of a sandbox on the host', number, tasks)
    .option('--max-disk-bytes <number>', 'work folder of a sandbox', number, diskBytes)
    .option('--max-containers <number>', 'sandboxes at one time', number, containers)
    .action((options: GuardOptions) => serve(options))
    .parseAsync([...args], { from: 'user' });
}

async function serve({ engine, listen, mode, ...options }: GuardOptions): Promise<void> {
  const guard = new EngineGuard({
    engine: new EngineConnection(engine),
    limits: limitsOf(options),
    onRefusal: (method, target, error) => say(`refused ${method} ${target.split('?')[0]}: ${error.message}`),
  });
  // Left by a guard that was killed.
  await rm(listen, { force: true });
  // A socket is never there with more rights than it is to have.
  process.umask(0o777 & ~mode);
  await guard.listen(listen);
  say(`listening at ${listen}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void guard.close());
}

function limitsOf(options: Omit<GuardOptions, 'engine' | 'listen' | 'mode'>): GuardLimits {
  return {
    images: options.image,
    runtimes: options.runtime,
    memoryBytes: options.maxMemoryBytes,
    cpus: options.maxCpus,
    openFiles: options.maxOpenFiles,
    tasks: options.maxTasks,
    diskBytes: options.maxDiskBytes,
    containers: options.maxContainers,
  };
}

function say(line: string): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), name: 'sandport-engine-guard', message: line })}\n`);
}

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0.');
  return value;
}

function octal(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text)) throw new InvalidArgumentError('must be three octal digits.');
  return Number.parseInt(text, 8);
}
