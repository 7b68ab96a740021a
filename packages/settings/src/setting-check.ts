import { SandboxError, SETTING_NAME_MAX_LENGTH, type Setting } from '@sandport/core';

/**
 * Refuses a name that the table cannot hold.
 *
 * @throws SandboxError `REQUEST_INVALID`
 */
export function checkSettingName(name: string): void {
  if (name === '') throw refuse('name', 'is empty');
  if (name.length > SETTING_NAME_MAX_LENGTH) {
    throw refuse('name', `has ${name.length} characters; the most is ${SETTING_NAME_MAX_LENGTH} ("${name.slice(0, 40)}…")`);
  }
  checkText('name', name);
}

/**
 * Refuses rows that the table cannot hold exactly as they are.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the row and the column.
 */
export function checkSettings(settings: readonly Setting[]): void {
  for (const { name, source, dataType, value } of settings) {
    checkSettingName(name);
    checkText(`${name}: source`, source);
    checkText(`${name}: dataType`, dataType);
    checkText(`${name}: value`, value);
  }
}

/** SQLite's texts end at the first NUL when they are read back, and hold UTF-8 only. */
function checkText(field: string, text: string): void {
  if (text.includes('\0')) throw refuse(field, 'contains a NUL');
  if (!text.isWellFormed()) throw refuse(field, 'is not well-formed Unicode');
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: 'Correct it and call again; nothing was read or stored.',
    details: { field },
  });
}
