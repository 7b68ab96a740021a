import { SandboxError, SEALED_MEMBER, type JsonObject } from '@sandport/core';

/** Why a row's secrets cannot be read; in the `details` of the error as `reason`. */
export type UnreadableReason = 'no-master-key' | 'unknown-master-key' | 'not-authentic' | 'newer-version' | 'malformed' | 'ambiguous';

/** No master key is there at all. */
export function noMasterKey(row: string, keyId: string): SandboxError {
  return unreadable(row, 'no-master-key', 'no master key is configured', {
    suggestion: `Set SANDPORT_MASTER_KEY, SANDPORT_MASTER_KEY_FILE or SANDPORT_MASTER_KEY_COMMAND to the master key "${keyId}".`,
    details: { keyId },
  });
}

/** There are master keys, but not the one that is needed. */
export function unknownMasterKey(row: string, keyId: string, knownIds: readonly string[]): SandboxError {
  const known = knownIds.map((id) => `"${id}"`).join(', ');
  return unreadable(row, 'unknown-master-key', `they need the master key "${keyId}", and the configured ones are ${known}`, {
    suggestion: `Add the master key "${keyId}" to the former keys, or store the secrets of this row anew.`,
    details: { keyId, knownIds: [...knownIds] },
  });
}

/** The key is there and does not fit. */
export function notAuthentic(row: string, keyId: string, cause: unknown): SandboxError {
  return unreadable(
    row,
    'not-authentic',
    `"${SEALED_MEMBER}" was changed, was taken from another row, or was made with another master key`,
    {
      suggestion: 'Restore the row from its history, or store its secrets anew.',
      details: { keyId },
      cause,
    },
  );
}

/** The format has a version that this program does not know. */
export function newerFormat(row: string, version: number, knownVersion: number): SandboxError {
  return unreadable(
    row,
    'newer-version',
    `they were written by a newer version of Sandport (format ${version}; this one knows ${knownVersion})`,
    {
      suggestion: 'Update Sandport in this program, or store the secrets of this row anew.',
      details: { version },
    },
  );
}

/** The member is not what {@link SEALED_MEMBER} must be. The finding of the schema is no cause: it could quote what stands there. */
export function malformedMember(row: string, place: string): SandboxError {
  return unreadable(row, 'malformed', `"${place}" breaks the format of sealed secrets`, {
    suggestion: 'Restore the row from its history, or store its secrets anew.',
    details: { place },
  });
}

/** Nobody can say which of the two values is meant. */
export function sealedAndPlain(row: string, field: string): SandboxError {
  return unreadable(row, 'ambiguous', `the field "${field}" stands there twice, sealed and in the clear`, {
    suggestion: `Store the field "${field}" anew; if another program writes this row, let it leave out "${SEALED_MEMBER}" or the field.`,
    details: { field },
  });
}

/** Secrets are to be stored, and there is nothing to seal them with. */
export function cannotSeal(row: string, fields: readonly string[]): SandboxError {
  const names = fields.map((field) => `"${field}"`).join(', ');
  return new SandboxError('CONFIG_MISSING', `The secrets of the row "${row}" (${names}) cannot be stored: no master key is configured.`, {
    suggestion: 'Make a master key, set SANDPORT_MASTER_KEY, SANDPORT_MASTER_KEY_FILE or SANDPORT_MASTER_KEY_COMMAND, and try again.',
    details: { row, fields: [...fields] },
  });
}

/** Something is wrong with what the caller wants to store. */
export function refusedField(row: string, field: string, finding: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${finding} (row "${row}").`, {
    suggestion: 'Correct it and try again; nothing was sealed or stored.',
    details: { row, field },
  });
}

function unreadable(
  row: string,
  reason: UnreadableReason,
  finding: string,
  { suggestion, details, cause }: { suggestion: string; details: JsonObject; cause?: unknown },
): SandboxError {
  return new SandboxError('SECRET_UNREADABLE', `The secrets of the row "${row}" cannot be read: ${finding}.`, {
    suggestion,
    details: { row, reason, ...details },
    ...(cause === undefined ? {} : { cause }),
  });
}
