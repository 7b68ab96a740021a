import {
  FALLBACK_SETTING,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  providerOfSetting,
  SandboxError,
  type IssueDescription,
} from '@sandport/core';

/** The stored configuration cannot be read. */
export function settingsUnreadable(cause: unknown): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', 'The stored configuration cannot be read.', {
    operation: 'readSettings',
    suggestion: 'Check the settings store that was handed to the client; the cause says what it met.',
    cause,
  });
}

/** The settings store did not answer in time. */
export function settingsTooSlow(operation: string, timeoutMs: number): SandboxError {
  return new SandboxError('SETTINGS_UNAVAILABLE', `The settings store did not answer within ${timeoutMs} ms.`, {
    operation,
    suggestion: 'Check that the database of the stored configuration is up, and not overloaded.',
  });
}

/** Nobody has chosen a provider. */
export function nothingChosen(carried: readonly string[]): SandboxError {
  return new SandboxError('CONFIG_MISSING', `No sandbox provider is chosen: the row "${PROVIDER_TYPE_SETTING}" is not stored.`, {
    operation: 'configure',
    suggestion: `Choose one with \`sandport config use ${carried[0]}\`.`,
    details: { row: PROVIDER_TYPE_SETTING, carried: [...carried] },
  });
}

/** A provider is named that has no configuration. */
export function nothingConfigured(id: string, namedBy: string): SandboxError {
  const row = providerConfigSetting(id);
  const named = namedBy === PROVIDER_TYPE_SETTING ? 'chosen' : `named by "${namedBy}"`;
  return new SandboxError('CONFIG_MISSING', `The provider "${id}" is ${named}, but its row "${row}" is not stored.`, {
    providerId: id,
    operation: 'configure',
    suggestion: `Store it with \`sandport config use ${id}\` (defaults) or \`sandport config set ${id} KEY=VALUE\`.`,
    details: { row },
  });
}

/** A provider is named that this program does not carry. */
export function unknownProvider(id: string, namedBy: string, carried: readonly string[]): SandboxError {
  const suggestion =
    namedBy === FALLBACK_SETTING
      ? `Take it out of the row "${FALLBACK_SETTING}", or let this program carry it; it carries ${carried.join(', ')}.`
      : `Choose one of the carried providers (${carried.join(', ')}) with \`sandport config use ${carried[0]}\`.`;
  return new SandboxError('PROVIDER_UNKNOWN', `The row "${namedBy}" names ${showId(id)}, which this program does not carry.`, {
    operation: 'configure',
    suggestion,
    details: { row: namedBy, carried: [...carried] },
  });
}

/** Whether a text can be the id of a provider. */
export function looksLikeId(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,63}$/.test(text);
}

/** Whatever was pasted into a row by mistake may be a secret; only what looks like an id is repeated. */
function showId(id: string): string {
  return looksLikeId(id) ? `"${id}"` : 'something that is no id of a provider';
}

/** A row does not hold the JSON that it should. The text is not quoted, nor the parser's finding, which would quote it. */
export function brokenRow(row: string, message: string): SandboxError {
  const id = providerOfSetting(row);
  const suggestion =
    id === undefined ? 'Store it anew with the `sandport` command.' : `Store it anew with \`sandport config set ${id} --reset KEY=VALUE\`.`;
  return new SandboxError('CONFIG_INVALID', `Row "${row}" of the stored configuration ${message}.`, {
    operation: 'configure',
    suggestion,
    details: { row },
  });
}

/** A row holds JSON of a shape that this version does not know, for example because a newer one wrote it. */
export function unknownShape(row: string, { field, message }: IssueDescription): SandboxError {
  return new SandboxError('CONFIG_INVALID', `Row "${row}" of the stored configuration: ${field}: ${message}.`, {
    operation: 'configure',
    suggestion: `Correct "${field}"; if a newer version of Sandport wrote the row, update this program to that version.`,
    details: { row, field },
  });
}

/** The store could not open the secrets of a row, and did not say it in the words of the contract. */
export function secretsUnopened(row: string, cause: unknown): SandboxError {
  return new SandboxError('SECRET_UNREADABLE', `The secrets of the row "${row}" cannot be opened.`, {
    operation: 'unsealSecrets',
    suggestion: 'Check the master key of the settings with `sandport doctor`; the cause says what was met.',
    details: { row },
    cause,
  });
}

/** What can be said of a configuration whose rows may be broken; what is wrong with them is told to the calls that need them. */
export function unlessBroken<Value>(compute: () => Value): Value | undefined {
  try {
    return compute();
  } catch (error) {
    if (SandboxError.isInstance(error)) return undefined;
    throw error;
  }
}
