import { SandboxError } from '@sandport/core';

/** Where and when a mismatch was met. */
export interface MismatchPlace {
  readonly location: string;
  readonly operation: string;
}

/** The database was migrated by a version of Sandport that knows more than this one. */
export function unknownMigrations({ location, operation }: MismatchPlace, names: readonly string[]): SandboxError {
  return new SandboxError('SETTINGS_SCHEMA_MISMATCH', `The settings database "${location}" was written by a newer version of Sandport.`, {
    operation,
    suggestion: 'Update Sandport here, or undo those migrations with the newer version.',
    details: { location, unknown: [...names] },
  });
}

/** The database lacks migrations that this version needs. */
export function missingMigrations({ location, operation }: MismatchPlace, names: readonly string[]): SandboxError {
  return new SandboxError('SETTINGS_SCHEMA_MISMATCH', `The settings database "${location}" lacks tables of this version of Sandport.`, {
    operation,
    suggestion: 'Run `sandport settings migrate`.',
    details: { location, pending: [...names] },
  });
}

/** A table or column is not there, whatever the database has noted about migrations. */
export function missingTables({ location, operation }: MismatchPlace, what: readonly string[], cause: unknown): SandboxError {
  const named = what.length === 0 ? 'a table or column' : what.join(', ');
  return new SandboxError('SETTINGS_SCHEMA_MISMATCH', `The settings database "${location}" lacks ${named}.`, {
    operation,
    suggestion: 'Run `sandport settings migrate`; if that finds nothing to do, restore the database from a backup.',
    details: { location, missing: [...what] },
    cause,
  });
}
