import { parseConfigText } from '@sandport/client';
import { configDigest, SandboxError, type Setting } from '@sandport/core';

/** The digest of the configuration that a row holds; `undefined` where there is none, or it cannot be read: whoever uses it says what is wrong. */
export function storedDigest(row: Setting | undefined): string | undefined {
  if (row === undefined) return undefined;
  try {
    return configDigest(parseConfigText(row.name, row.value));
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === 'CONFIG_INVALID') return undefined;
    throw error;
  }
}
