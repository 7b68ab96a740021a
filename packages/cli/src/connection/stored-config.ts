import { parseConfigText } from '@sandport/client';
import { SandboxError, describeIssue, providerConfigSetting, type ProviderDefinition, type SettingsStore } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';

/**
 * The configuration of a provider as it is stored, checked and completed; the empty one where nothing is stored.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the field, `SECRET_UNREADABLE`.
 */
export async function readProviderConfig<Schema extends ProviderDefinition['configSchema']>(
  { signal }: Pick<CliContext, 'signal'>,
  settings: SettingsStore,
  { providerId, schema }: { readonly providerId: string; readonly schema: Schema },
): Promise<Schema['_output']> {
  const row = providerConfigSetting(providerId);
  const text = (await settings.read([row], { signal })).get(row)?.value;
  const config = text === undefined ? {} : await settings.unseal(row, parseConfigText(row, text), { signal });
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'config');
  throw new SandboxError('CONFIG_INVALID', `${field}: ${message} (configuration of "${providerId}").`, {
    providerId,
    operation: 'configure',
    suggestion: `Correct the field "${field}": sandport config set ${providerId} ${field}=VALUE`,
    details: { field },
  });
}
