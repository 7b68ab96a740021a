import { parseConfigText } from '@sandport/client';
import { parseProviderConfig, providerConfigSetting, SandboxError, type ExecutionResult, type RecordFacts } from '@sandport/core';
import { dockerProvider, findImageDigest } from '@sandport/provider-docker';
import type { CliContext } from './cli-context.ts';
import { ownVersion } from './own-version.ts';
import { providerVersion } from './provider-version.ts';
import { reportWarning } from './report-error.ts';
import { withStoredSettings, type SettingsOption } from './settings/with-settings.ts';

/** What of a record neither the request nor the result says. An image that cannot be asked for is told of, and is no reason to lose the record. */
export async function recordFactsOf(context: CliContext, options: SettingsOption, result: ExecutionResult): Promise<RecordFacts> {
  const versions = { sandport: ownVersion(), provider: providerVersion(result.providerId) };
  if (result.providerId !== dockerProvider.id) return { versions };
  try {
    return { versions, imageDigest: (await digestOfImage(context, options, result)) ?? null };
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    reportWarning(context, error);
    return { versions };
  }
}

/** The call has just been made of it. */
function digestOfImage(context: CliContext, options: SettingsOption, { language }: ExecutionResult): Promise<string | undefined> {
  const { signal } = context;
  const row = providerConfigSetting(dockerProvider.id);
  return withStoredSettings(context, options, async (settings) => {
    const text = (await settings.read([row], { signal })).get(row)?.value ?? '{}';
    const config = await settings.unseal(row, parseConfigText(row, text), { signal });
    return findImageDigest({ config: parseProviderConfig(dockerProvider, config), language, signal });
  });
}
