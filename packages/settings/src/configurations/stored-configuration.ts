import { providerConfigSetting, SandboxError, type JsonObject } from '@sandport/core';
import { readRowObject } from './row-json.ts';

/**
 * What the row of a provider says, as it is stored.
 *
 * @param version the one that the text is of, for the error; `null` for the rows in use.
 * @throws SandboxError `CONFIG_MISSING` without a text, `CONFIG_INVALID` for one that is no JSON object. The text is not quoted.
 */
export function storedConfiguration(providerId: string, version: number | null, text: string | undefined): JsonObject {
  const row = providerConfigSetting(providerId);
  if (text === undefined) {
    const where = version === null ? 'in use' : `of version ${version}`;
    throw new SandboxError('CONFIG_MISSING', `The configuration ${where} has none of the provider "${providerId}".`, {
      providerId,
      operation: 'openConfiguration',
      suggestion: `Store one, for example with \`sandport config set ${providerId} KEY=VALUE\` or \`sandport config use ${providerId}\`.`,
      details: { row, version },
    });
  }
  const { config, problem } = readRowObject(text);
  if (config !== undefined) return config;
  throw new SandboxError('CONFIG_INVALID', `The row "${row}" ${problem}.`, {
    providerId,
    operation: 'openConfiguration',
    suggestion: `Store it anew, for example with \`sandport config set ${providerId} --reset KEY=VALUE\`.`,
    details: { row, version },
  });
}
