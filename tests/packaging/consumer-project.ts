import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPackedRegistry } from '../../tools/registry/packed-registry.mjs';
import { listPublishedPackages } from '../../tools/setup/repository.mjs';
import { runProgram, runTool } from '../../tools/setup/run-tool.mjs';
import { ensureNodePrograms } from './node-programs.ts';
import { packageManagers, type PackageManagerName } from './package-managers.ts';

const timeoutMs = 240_000;
const signal = new AbortController().signal;

/** Packages whose engines leave out the oldest Node are installed with this one, by package managers that refuse otherwise. */
const INSTALLING_NODE = 22;

/** How a program ended. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a project begins with. */
export interface ConsumerProjectOptions {
  /** @default 'npm' */
  readonly manager?: PackageManagerName;
  /** As they are typed. @default every published package, with what they want beside them */
  readonly packages?: readonly string[];
  /** More that is typed. @default [] */
  readonly besides?: readonly string[];
}

/** An empty folder of somebody who installed packages by their names. */
export class ConsumerProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create({ manager = 'npm', packages = everyPackage(), besides = [] }: ConsumerProjectOptions = {}): Promise<ConsumerProject> {
    const { add, environment } = packageManagers[manager];
    const [{ registry, environment: registryEnvironment }, nodes] = await Promise.all([
      openPackedRegistry({ signal }),
      ensureNodePrograms(signal),
    ]);
    const project = new ConsumerProject(await mkdtemp(path.join(tmpdir(), 'sandport-consumer-')));
    try {
      await writeFile(path.join(project.folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
      const searchPath = [path.dirname(nodes.get(INSTALLING_NODE) ?? ''), process.env['PATH']].join(path.delimiter);
      const env = { ...registryEnvironment, ...environment, PATH: searchPath };
      await runTool([...add, ...packages, ...besides], { timeoutMs, signal, cwd: project.folder, env });
      return project;
    } catch (error) {
      await project.remove();
      throw error;
    } finally {
      await registry.close();
    }
  }

  /** Where a package was installed. */
  packageFolder(name: string): string {
    return path.join(this.folder, 'node_modules', ...name.split('/'));
  }

  /** Writes a file of the project. */
  write(name: string, content: string): Promise<void> {
    return writeFile(path.join(this.folder, name), content);
  }

  /** Runs a program of the project; `name` says by its ending what kind of module it is. */
  async runModule(name: string, code: string, env: Record<string, string> = {}, nodeProgram = process.execPath): Promise<ProgramEnd> {
    await this.write(name, code);
    return this.run([nodeProgram, name], env);
  }

  /** Runs the installed command. */
  runCommand(args: readonly string[], env: Record<string, string> = {}): Promise<ProgramEnd> {
    return this.run(['npx', 'sandport', ...args], env);
  }

  /** Runs any program in the folder. */
  run(words: readonly [string, ...string[]], env: Record<string, string> = {}): Promise<ProgramEnd> {
    return runProgram(words, { timeoutMs, signal, cwd: this.folder, env });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** Not every package manager brings what a package wants to have beside it. */
function everyPackage(): string[] {
  const published = listPublishedPackages().map(({ manifest }) => manifest);
  const names = published.map(({ name }) => name);
  const peers = published.flatMap(({ peerDependencies = {}, peerDependenciesMeta = {} }) =>
    Object.entries(peerDependencies).filter(([name]) => peerDependenciesMeta[name]?.optional !== true && !names.includes(name)),
  );
  return [...names, ...new Set(peers.map(([name, range]) => `${name}@${range.replace(/^(?:workspace|catalog):.*$/, '*')}`))];
}
