import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { runHelper } from './run-helper.ts';

const OPERATION = 'harden child process';

/** Where Linux keeps its tools; the caller's own search path is not asked. */
const TOOL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Nobody: the user that owns nothing. */
const NOBODY = '65534';

const NAMESPACES = ['--net', '--ipc', '--uts'];
const NO_PRIVILEGES = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
const LIMITS = ['--core=0', '--fsize=0', '--nofile=64'];

/** More processor time than the longest program may take: what an orphan gets that loops for ever. Set also where nothing else can be taken. */
const CPU_GRACE_SECONDS = 60;
const SHELL = '/bin/sh';

/** What stands before the Node of a child process on its command line, and the flags of that Node. */
export interface Hardening {
  readonly prefix: readonly string[];
  readonly permissionFlags: readonly string[];
}

/** What is tried. */
export interface HardeningOptions {
  readonly nodePath: string;
  /** The program that looks whether a child process would find what it needs, with its arguments. */
  readonly probe: readonly string[];
  /** Paths that a child process reads. */
  readonly readable: readonly string[];
  /** The longest that a program may run. */
  readonly maxTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Finds out, by trying, the most that can be taken from a child process on this machine: the strongest way that still lets it start. Tools that are not there, and namespaces that this user
 * may not make, leave a weaker one; what is really in force is measured by each child itself.
 */
export async function findHardening(options: HardeningOptions): Promise<Hardening> {
  const permissionFlags = await findPermissionFlags(options);
  for (const prefix of await findPrefixes(Math.ceil(options.maxTimeoutMs / 1_000) + CPU_GRACE_SECONDS)) {
    if (await starts(options, prefix, permissionFlags)) return { prefix, permissionFlags };
  }
  return { prefix: [], permissionFlags };
}

async function findPermissionFlags(options: HardeningOptions): Promise<readonly string[]> {
  const allowed = options.readable.map((path) => `--allow-fs-read=${path}`);
  for (const flag of ['--permission', '--experimental-permission']) {
    const flags = [flag, ...allowed];
    if (await starts(options, [], flags)) return flags;
  }
  return [];
}

async function starts(options: HardeningOptions, prefix: readonly string[], flags: readonly string[]): Promise<boolean> {
  const { nodePath, probe, signal } = options;
  const [command = nodePath, ...args] = [...prefix, nodePath, ...flags, ...probe];
  const { exitCode } = await runHelper({ command, args, operation: OPERATION, signal });
  return exitCode === 0;
}

/** Strongest first. */
async function findPrefixes(cpuSeconds: number): Promise<(readonly string[])[]> {
  if (process.platform === 'win32') return [];
  const shell = [SHELL, '-c', `ulimit -c 0; ulimit -t ${cpuSeconds}; exec "$@"`, SHELL];
  if (process.platform !== 'linux') return [shell];
  const [unshare, setpriv, prlimit] = await Promise.all(['unshare', 'setpriv', 'prlimit'].map(findTool));
  if (setpriv === undefined) return [shell];
  const limits = prlimit === undefined ? [] : [prlimit, ...LIMITS, `--cpu=${cpuSeconds}`];
  // The kernel forgets the wish to die with the parent when the user changes: it comes with that, not before.
  const plain = [setpriv, ...NO_PRIVILEGES, '--pdeathsig=KILL', ...limits];
  const weakest = [setpriv, '--no-new-privs', '--pdeathsig=KILL', ...limits];
  if (process.getuid?.() === 0) {
    const nobody = [setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...NO_PRIVILEGES, '--pdeathsig=KILL', ...limits];
    const namespaces = unshare === undefined ? [] : [[unshare, ...NAMESPACES]];
    return [...namespaces.map((own) => [...own, ...nobody]), nobody, ...namespaces.map((own) => [...own, ...plain]), plain, weakest, shell];
  }
  const own = unshare === undefined ? [] : [[unshare, '--user', '--map-current-user', ...NAMESPACES, ...plain]];
  return [...own, weakest, shell];
}

async function findTool(name: string): Promise<string | undefined> {
  for (const folder of TOOL_FOLDERS) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch (error) {
      // Not here: it may be in the next folder.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
  return undefined;
}
