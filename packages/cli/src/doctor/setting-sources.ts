import type { HealthCheck, SettingsStore } from '@sandport/core';
import { aliyunProviderConfigSchema, describeSettings as describeAliyunSettings } from '@sandport/provider-aliyun';
import { describeSettings as describeE2bSettings, e2bProviderConfigSchema } from '@sandport/provider-e2b';
import { ALIYUN_FORM } from '../aliyun/connection.ts';
import { ALIYUN_PROVIDER_ID } from '../aliyun/provider-id.ts';
import type { CliContext } from '../cli-context.ts';
import { secretFieldsOf, type ConnectionForm } from '../connection/connection-form.ts';
import { describeOrigin, type FoundSetting } from '../connection/found-setting.ts';
import { readProviderConfig } from '../connection/stored-config.ts';
import { E2B_FORM } from '../e2b/connection.ts';
import { E2B_PROVIDER_ID } from '../e2b/provider-id.ts';

/** Says of each setting of a provider where its value comes from, for providers whose settings may lie in the environment. Values of secrets are never shown. */
export async function settingSources(context: CliContext, settings: SettingsStore, providerId: string): Promise<HealthCheck[]> {
  const { environment } = context;
  switch (providerId) {
    case ALIYUN_PROVIDER_ID: {
      const config = await readProviderConfig(context, settings, { providerId, schema: aliyunProviderConfigSchema });
      return sourceChecks(ALIYUN_FORM, describeAliyunSettings(config, environment));
    }
    case E2B_PROVIDER_ID: {
      const config = await readProviderConfig(context, settings, { providerId, schema: e2bProviderConfigSchema });
      return sourceChecks(E2B_FORM, describeE2bSettings(config, environment));
    }
    default:
      return [];
  }
}

function sourceChecks(form: ConnectionForm, found: readonly FoundSetting[]): HealthCheck[] {
  const secrets = secretFieldsOf(form);
  return found.map((setting) => ({
    name: `source.${setting.name}`,
    status: 'ok',
    message: describeOrigin(setting, secrets.includes(setting.name)),
  }));
}
