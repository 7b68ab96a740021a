import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packPackages } from '../../tools/setup/pack-packages.mjs';
import { runProgram, runTool } from '../../tools/setup/run-tool.mjs';

const timeoutMs = 240_000;
const signal = new AbortController().signal;

/** How a program ended. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty project of somebody who installed every package from its tarball. */
export class ConsumerProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<ConsumerProject> {
    const project = new ConsumerProject(await mkdtemp(path.join(tmpdir(), 'sandport-consumer-')));
    const tarballs = await packPackages({ folder: project.folder, signal });
    await writeFile(path.join(project.folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
    await runTool(['npm', 'install', ...tarballs], { timeoutMs, signal, cwd: project.folder });
    return project;
  }

  /** Where a package was installed. */
  packageFolder(name: string): string {
    return path.join(this.folder, 'node_modules', ...name.split('/'));
  }

  /** Runs a program of the project; `name` says by its ending what kind of module it is. */
  async runModule(name: string, code: string, env: Record<string, string> = {}): Promise<ProgramEnd> {
    await writeFile(path.join(this.folder, name), code);
    return runProgram([process.execPath, name], { timeoutMs, signal, cwd: this.folder, env });
  }

  /** Runs the installed command. */
  runCommand(args: readonly string[], env: Record<string, string> = {}): Promise<ProgramEnd> {
    return runProgram(['npx', 'sandport', ...args], { timeoutMs, signal, cwd: this.folder, env });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
