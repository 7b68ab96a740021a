import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { searchPathOf } from '../execution/interpreters.ts';
import { readGuestProgram } from '../execution/guest-program.ts';
import type { SandboxMachine } from '../execution/sandbox-machine.ts';
import { HOME, SandboxPaths } from '../execution/sandbox-paths.ts';
import type { RunBody } from './run-body.ts';

/** Where a program of one call lies. */
export interface TaskFolder {
  readonly argv: readonly string[];
  /** As the container names it. */
  readonly workingFolder: string;
  /** As the host names it. */
  readonly hostFolder: string;
  remove(): Promise<void>;
}

/** Lays a program, its arguments and what calls it into a folder of its own. */
export async function makeTaskFolder(machine: SandboxMachine, body: RunBody): Promise<TaskFolder> {
  const { interpreters, kind, rootFolder } = machine;
  const path = `${HOME}/workspace/${randomUUID()}`;
  const hostFolder = new SandboxPaths(rootFolder).map(path);
  const isPython = body.language === 'python';
  const [program, runner, source] = isPython
    ? ['main.py', 'runner.py', 'ragflow_runner.py']
    : ['main.js', 'runner.mjs', 'ragflow-runner.mjs'];
  await mkdir(hostFolder, { recursive: true });
  await writeFile(join(hostFolder, program), isPython ? body.code : `${body.code}\nmodule.exports = { main };`);
  await writeFile(join(hostFolder, runner), readGuestProgram(source));
  await writeFile(join(hostFolder, 'args.json'), JSON.stringify(body.arguments));
  return {
    argv: isPython ? [interpreters.pythonPath, '-I', '-B', runner] : [interpreters.nodePath, runner],
    workingFolder: kind.fileSystem === 'mounted' ? path : hostFolder,
    hostFolder,
    // What still runs there may write while it is removed.
    remove: () => rm(hostFolder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** What programs find in their environment. */
export function containerEnvironment({ kind, rootFolder, interpreters }: SandboxMachine): Record<string, string> {
  const isMounted = kind.fileSystem === 'mounted';
  return {
    PATH: searchPathOf(interpreters),
    LANG: 'C.UTF-8',
    HOME: isMounted ? HOME : join(rootFolder, HOME),
    TMPDIR: isMounted ? '/tmp' : join(rootFolder, 'tmp'),
    MPLBACKEND: 'Agg',
  };
}
