import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProviderDefinition } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { usageError } from '../usage-error.ts';

/** A provider, and where it comes from. */
export interface ProviderUnderTest {
  readonly definition: ProviderDefinition;
  /** The module that was imported; `null` for one that the command carries. */
  readonly module: string | null;
}

/**
 * The provider that was named: one that the command carries, by its id; or the one that a module exports, by its path, or by the name of a package that can be reached from the current
 * folder. Such a module is the author's own code, and is run.
 *
 * @param exportName which export it is, where a module has several
 * @throws SandboxError `REQUEST_INVALID`
 */
export async function providerUnderTest(
  { providers }: Pick<CliContext, 'providers'>,
  named: string,
  exportName: string | undefined,
): Promise<ProviderUnderTest> {
  const carried = providers.find(({ id }) => id === named);
  if (carried !== undefined) return { definition: carried, module: null };
  const url = isPath(named) ? pathToFileURL(resolve(named)).href : packageUrl(named, providers);
  return { definition: definitionOf(named, await importModule(named, url), exportName), module: named };
}

function isPath(named: string): boolean {
  return isAbsolute(named) || /^\.{1,2}[/\\]/.test(named);
}

function packageUrl(named: string, providers: CliContext['providers']): string {
  try {
    return pathToFileURL(createRequire(resolve('package.json')).resolve(named)).href;
  } catch (error) {
    const carried = providers.map(({ id }) => id).join(', ');
    throw usageError(
      `--provider: "${named.slice(0, 200)}" is neither a provider that this command carries nor a package that can be reached from this folder.`,
      `Name one of ${carried}; or a package that is installed here; or a module by its path, as in ./dist/index.js.`,
      error,
    );
  }
}

async function importModule(named: string, url: string): Promise<object> {
  try {
    const exported: unknown = await import(url);
    return typeof exported === 'object' && exported !== null ? exported : {};
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error);
    throw usageError(
      `--provider: "${named.slice(0, 200)}" cannot be imported (${finding}).`,
      'Name what has been built for Node, as in ./dist/index.js, and install what it imports.',
      error,
    );
  }
}

function definitionOf(named: string, exported: object, exportName: string | undefined): ProviderDefinition {
  const found = Object.entries(exported).filter((entry): entry is [string, ProviderDefinition] => isDefinition(entry[1]));
  const where = `"${named.slice(0, 200)}"`;
  if (exportName !== undefined) {
    const chosen = found.find(([name]) => name === exportName);
    if (chosen !== undefined) return chosen[1];
    throw usageError(`--export: ${where} exports no provider of that name.`, `It exports: ${namesOf(found)}.`);
  }
  const [first, ...others] = new Set(found.map(([, definition]) => definition));
  if (first === undefined) {
    throw usageError(
      `--provider: ${where} exports no definition of a provider.`,
      'Export what defineProvider() gives: an object with "id", "displayName", "configSchema" and "create".',
    );
  }
  if (others.length > 0) throw usageError(`--provider: ${where} exports several providers.`, `Choose with --export: ${namesOf(found)}.`);
  return first;
}

function namesOf(found: readonly (readonly [string, ProviderDefinition])[]): string {
  return found.length === 0 ? 'none' : found.map(([name]) => name).join(', ');
}

/** By its shape: it may have been made with another copy of the contract. */
function isDefinition(value: unknown): value is ProviderDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { id, displayName, create, configSchema } = value as Partial<Record<keyof ProviderDefinition, unknown>>;
  if (typeof id !== 'string' || typeof displayName !== 'string' || typeof create !== 'function') return false;
  return typeof configSchema === 'object' && configSchema !== null && 'safeParse' in configSchema;
}
