import { parseConfigText } from '@sandport/client';
import { providerConfigSetting, SandboxError, type ExecutionResult, type RecordFacts } from '@sandport/core';
import { dockerProviderConfigSchema, findImageDigest } from '@sandport/provider-docker';
import type { CliContext } from './cli-context.ts';
import { ownVersion } from './own-version.ts';
import { providerVersion } from './provider-version.ts';
import { reportWarning } from './report-error.ts';
import { withStoredSettings, type SettingsOption } from './settings/with-settings.ts';

/** The one provider whose sandboxes are made of images that can be asked for. */
const DOCKER = 'docker';

/** What of a record neither the request nor the result says. An image that cannot be asked for is told of, and is no reason to lose the record. */
export async function recordFactsOf(context: CliContext, options: SettingsOption, result: ExecutionResult): Promise<RecordFacts> {
  const versions = { sandport: ownVersion(), provider: providerVersion(result.providerId) };
  if (result.providerId !== DOCKER) return { versions };
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
  const row = providerConfigSetting(DOCKER);
  return withStoredSettings(context, options, async (settings) => {
    const text = (await settings.read([row], { signal })).get(row)?.value ?? '{}';
    const config = dockerProviderConfigSchema.safeParse(await settings.unseal(row, parseConfigText(row, text), { signal }));
    // It was changed since the call.
    return config.success ? findImageDigest({ config: config.data, language, signal }) : undefined;
  });
}
