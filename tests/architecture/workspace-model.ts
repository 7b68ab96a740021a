import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseModule, type ModuleModel } from './module-model.ts';

const dependenciesSchema = z.record(z.string(), z.string()).default({});

const manifestSchema = z.object({
  name: z.string(),
  private: z.boolean().default(false),
  license: z.string().optional(),
  type: z.string().optional(),
  engines: z.record(z.string(), z.string()).default({}),
  publishConfig: z.object({ engines: z.record(z.string(), z.string()).default({}) }).prefault({}),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])).default({}),
  files: z.array(z.string()).default([]),
  dependencies: dependenciesSchema,
  devDependencies: dependenciesSchema,
  peerDependencies: dependenciesSchema,
  optionalDependencies: dependenciesSchema,
});

const tsconfigSchema = z.object({ references: z.array(z.object({ path: z.string() })).default([]) });
const turboSchema = z.object({ tags: z.array(z.string()).default([]) });

/** What the rules read of a package.json. */
export type Manifest = z.output<typeof manifestSchema>;

/** One package or app. */
export interface PackageModel {
  readonly group: 'packages' | 'apps';
  /** Name of its folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Folders of the projects that its tsconfig refers to. */
  readonly references: readonly string[];
  readonly tags: readonly string[];
  /** Every file of its own, as a path below it. */
  readonly files: readonly string[];
  readonly modules: readonly ModuleModel[];
  /** Text of its README, when there is one. */
  readonly readme: string | undefined;
}

/** Everything that the rules look at. */
export interface WorkspaceModel {
  readonly packages: readonly PackageModel[];
  /** What the root's package.json and tsconfig say. */
  readonly root: { readonly manifest: Manifest; readonly references: readonly string[]; readonly readme: string };
}

/** Folders that hold no files of ours. */
const foreignFolders = new Set(['node_modules', 'dist', '.turbo', 'coverage']);

/** Reads the whole workspace from disk. */
export function readWorkspace(root: string): WorkspaceModel {
  return {
    packages: (['packages', 'apps'] as const).flatMap((group) => readGroup(root, group)),
    root: {
      manifest: manifestSchema.parse(readJson(path.join(root, 'package.json'))),
      references: readReferences(path.join(root, 'tsconfig.json')),
      readme: readIfPresent(path.join(root, 'README.md')) ?? '',
    },
  };
}

function readGroup(root: string, group: PackageModel['group']): PackageModel[] {
  const groupFolder = path.join(root, group);
  if (!existsSync(groupFolder)) return [];
  return readdirSync(groupFolder)
    .toSorted()
    .filter((folder) => existsSync(path.join(groupFolder, folder, 'package.json')))
    .map((folder) => readPackage(path.join(groupFolder, folder), group));
}

function readPackage(folder: string, group: PackageModel['group']): PackageModel {
  const files = listFiles(folder);
  return {
    group,
    folder: path.basename(folder),
    manifest: manifestSchema.parse(readJson(path.join(folder, 'package.json'))),
    references: readReferences(path.join(folder, 'tsconfig.json')).map((reference) => path.basename(reference)),
    tags: turboSchema.parse(readJson(path.join(folder, 'turbo.json'))).tags,
    files,
    modules: files.filter((file) => /\.tsx?$/.test(file)).map((file) => parseModule(file, readFileSync(path.join(folder, file), 'utf8'))),
    readme: readIfPresent(path.join(folder, 'README.md')),
  };
}

function listFiles(folder: string, below = ''): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const relative = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) return [relative];
    return foreignFolders.has(entry.name) ? [] : listFiles(folder, relative);
  });
}

function readReferences(file: string): string[] {
  return tsconfigSchema.parse(readJson(file)).references.map((reference) => reference.path);
}

/** Reads JSON that may have lines of comment, as configuration files do. */
function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8').replaceAll(/^\s*\/\/.*$/gm, '')) as unknown;
}

function readIfPresent(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
