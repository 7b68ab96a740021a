import { findInterpreters, type Interpreters } from './interpreters.ts';
import { findMachineKind, type MachineKind } from './sandbox-machine.ts';

/** What was found out about this machine: what runs programs, and how sandboxes can be made. */
export interface SandboxHost {
  readonly interpreters: Interpreters;
  readonly machineKind: MachineKind;
}

/** What is looked for. */
export interface SandboxHostOptions {
  readonly pythonPath: string;
  readonly nodePath: string;
  readonly fileSystem: 'auto' | 'mounted' | 'mapped';
}

// The machine stays the same while the process lives, and looking takes longer than most tests of a client.
const found = new Map<string, Promise<SandboxHost>>();

/** Looks at this machine: once for the same question, unless that failed. */
export function findSandboxHost(options: SandboxHostOptions): Promise<SandboxHost> {
  const key = JSON.stringify([options.pythonPath, options.nodePath, options.fileSystem, process.env['PATH']]);
  const known = found.get(key);
  if (known !== undefined) return known;
  const finding = look(options).catch((error: unknown) => {
    found.delete(key);
    throw error;
  });
  found.set(key, finding);
  return finding;
}

async function look({ pythonPath, nodePath, fileSystem }: SandboxHostOptions): Promise<SandboxHost> {
  const interpreters = await findInterpreters(pythonPath, nodePath);
  return { interpreters, machineKind: await findMachineKind(fileSystem, interpreters) };
}
