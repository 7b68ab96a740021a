import { SandboxError, SETTING_NAME_MAX_LENGTH, type Setting } from '@sandport/core';

/** Length of the columns for where a row comes from and what it is. */
const WORD_MAX_LENGTH = 32;

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
    checkWord(`${name}: source`, source);
    checkWord(`${name}: dataType`, dataType);
    checkText(`${name}: value`, value);
  }
}

function checkWord(field: string, text: string): void {
  if (text.length > WORD_MAX_LENGTH) throw refuse(field, `has ${text.length} characters; the most is ${WORD_MAX_LENGTH}`);
  checkText(field, text);
}

/** SQLite's texts end at the first NUL when they are read back, PostgreSQL's hold none, and all of them hold UTF-8 only. */
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
