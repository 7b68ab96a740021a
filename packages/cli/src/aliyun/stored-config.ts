import { parseConfigText } from '@sandport/client';
import { SandboxError, describeIssue, providerConfigSetting, type SettingsStore } from '@sandport/core';
import { aliyunProviderConfigSchema, type AliyunProviderConfig } from '@sandport/provider-aliyun';
import type { CliContext } from '../cli-context.ts';
import { ALIYUN_PROVIDER_ID } from './provider-id.ts';

/**
 * The configuration of AgentRun as it is stored, checked and completed; the empty one where nothing is stored.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the field, `SECRET_UNREADABLE`.
 */
export async function readAliyunConfig({ signal }: Pick<CliContext, 'signal'>, settings: SettingsStore): Promise<AliyunProviderConfig> {
  const row = providerConfigSetting(ALIYUN_PROVIDER_ID);
  const text = (await settings.read([row], { signal })).get(row)?.value;
  const config = text === undefined ? {} : await settings.unseal(row, parseConfigText(row, text), { signal });
  const parsed = aliyunProviderConfigSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'config');
  throw new SandboxError('CONFIG_INVALID', `${field}: ${message} (configuration of "${ALIYUN_PROVIDER_ID}").`, {
    providerId: ALIYUN_PROVIDER_ID,
    operation: 'configure',
    suggestion: `Correct the field "${field}": sandport config set ${ALIYUN_PROVIDER_ID} ${field}=VALUE`,
    details: { field },
  });
}
