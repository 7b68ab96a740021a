import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SandboxError } from '@sandport/core';
import { Command, CommanderError } from 'commander';
import { createInRepository, findRepository } from './repository/create-in-repository.ts';
import { createStandalone } from './create-standalone.ts';
import type { CreatedProvider } from './created-provider.ts';
import { refusal } from './refusal.ts';

/** Where the command reads and writes. */
export interface GeneratorContext {
  readonly currentFolder: string;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

interface GeneratorFlags {
  readonly folder?: string;
  readonly inRepository?: boolean;
}

const EXAMPLES = `
Examples:
  $ npm create sandport-provider@latest my-cloud
  $ npm create sandport-provider@latest my-cloud -- --folder ./sandbox
  $ npm run new-provider -- my-cloud        within the repository of Sandport; the same as --in-repository

Exit codes: 0 it was made; 1 it could not be written; 2 what was asked for cannot be made. Then nothing was.`;

/**
 * Runs one command line.
 *
 * @param words What follows the command's own name.
 * @returns the exit code; nothing is thrown.
 */
export async function runGenerator(words: readonly string[], context: GeneratorContext): Promise<number> {
  const program = new Command('create-sandport-provider')
    .description(
      'Makes a provider package of Sandport that runs programs from the first minute, and passes the first level of the conformance suite.',
    )
    .version(ownVersion())
    .argument('<name>', 'name of the provider: words of lower-case letters and digits, joined by "-"')
    .option('--folder <folder>', 'where the package shall be; default: sandport-provider-NAME')
    .option('--in-repository', 'put it into the repository of Sandport that the current folder lies in, and list it there')
    .addHelpText('after', EXAMPLES)
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .exitOverride()
    .action(async (name: string, flags: GeneratorFlags) => {
      const isInRepository = flags.inRepository === true;
      const created = await (isInRepository ? createHere(name, flags, context) : createStandaloneHere(name, flags, context));
      context.stdout.write(describe(created, isInRepository, context.currentFolder));
    });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const isRefusal = SandboxError.isInstance(error) && error.code === 'REQUEST_INVALID';
    context.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    if (SandboxError.isInstance(error) && error.suggestion !== undefined) context.stderr.write(`  → ${error.suggestion}\n`);
    return isRefusal ? 2 : 1;
  }
}

async function createHere(name: string, { folder }: GeneratorFlags, { currentFolder }: GeneratorContext): Promise<CreatedProvider> {
  if (folder !== undefined) throw refusal('folder', 'in the repository the name says where the package is', 'Leave --folder out.');
  return createInRepository({ name, root: await findRepository(currentFolder) });
}

function createStandaloneHere(name: string, { folder }: GeneratorFlags, { currentFolder }: GeneratorContext): Promise<CreatedProvider> {
  return createStandalone({ name, folder: path.resolve(currentFolder, folder ?? `sandport-provider-${name}`) });
}

function describe({ folder, packageName, changedFiles }: CreatedProvider, isInRepository: boolean, currentFolder: string): string {
  const relative = (file: string): string => path.relative(currentFolder, file) || '.';
  const next = isInRepository
    ? ['npx pnpm@10 install', `npx vitest run --project unit ${relative(folder)}`]
    : [`cd ${relative(folder)}`, 'npm install', 'npm test'];
  return [
    `Made ${packageName} in ${relative(folder)}.`,
    ...changedFiles.map((file) => `Changed ${relative(file)}.`),
    'It runs programs on this machine, which separates nothing from it, until the calls of your service take the place of src/service/local-service.ts.',
    'Next:',
    ...next.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}
