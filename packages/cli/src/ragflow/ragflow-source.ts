import { SandboxError, Secret, type Setting } from '@sandport/core';
import { checkShowsNoPassword, openDatabase, readRagflowRows } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { usageError } from '../usage-error.ts';

const DEFAULT_VARIABLE = 'SANDPORT_RAGFLOW_DATABASE';

/** Where RAGFlow's rows are read from. */
export interface RagflowSourceOptions {
  /** Path of a file, or address of a server without a password. */
  readonly from?: string;
  /** Name of the variable that has the address. */
  readonly fromEnv?: string;
}

/** RAGFlow's rows, and where they were. */
export interface RagflowSource {
  /** Without a password. */
  readonly location: string;
  readonly rows: ReadonlyMap<string, Setting>;
}

/** The address of RAGFlow's database: `--from`, else the variable that `--from-env` names, else `SANDPORT_RAGFLOW_DATABASE`. */
export function locateRagflow({ environment }: CliContext, { from, fromEnv }: RagflowSourceOptions): Secret {
  if (from !== undefined && fromEnv !== undefined)
    throw usageError('--from and --from-env: only one of them can be given.', 'Leave one of them out.');
  if (from === '') throw usageError('--from: is empty.', `Name RAGFlow's database, or set ${DEFAULT_VARIABLE}.`);
  if (from !== undefined) {
    checkShowsNoPassword('--from', from, DEFAULT_VARIABLE);
    return new Secret(from);
  }
  const variable = fromEnv ?? DEFAULT_VARIABLE;
  const address = environment[variable] ?? '';
  if (address !== '') return new Secret(address);
  throw usageError(
    fromEnv === undefined ? 'No database of RAGFlow is named.' : `--from-env: the variable ${variable.slice(0, 64)} is not set.`,
    `Set ${variable.slice(0, 64)} to its address, for example mysql://user:password@host:3306/rag_flow, or name it with --from when it needs no password.`,
  );
}

/**
 * Reads the rows, and changes nothing.
 *
 * @param ownLocation where our own settings are, as it is shown
 * @throws SandboxError `REQUEST_INVALID` for an address that names nothing, or our own settings.
 */
export async function readRagflow({ signal }: CliContext, address: Secret, ownLocation: string): Promise<RagflowSource> {
  const database = openDatabase(address.reveal(), { create: false });
  try {
    if (database.location === ownLocation) {
      throw usageError(
        `"${ownLocation}" is RAGFlow's database and that of these settings at once: RAGFlow would find its rows changed.`,
        'Name other settings with --settings or SANDPORT_SETTINGS.',
      );
    }
    return { location: database.location, rows: await readRagflowRows(database, { signal }) };
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'CONFIG_MISSING' || error.operation !== 'openSettings') throw error;
    throw usageError(error.message, "Correct the path of RAGFlow's database.", error);
  } finally {
    await database.close();
  }
}
