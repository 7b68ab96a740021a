import { Command } from 'commander';
import { providerConfigSetting } from '@sandport/core';
import type { ActiveConfiguration } from '@sandport/settings';
import { carriedProvider } from '../../chosen-provider.ts';
import type { CliContext } from '../../cli-context.ts';
import { addChangeOptions, type ChangeOptions } from '../../configuration/change-options.ts';
import { readForChange } from '../../configuration/change-session.ts';
import { makeChange } from '../../configuration/make-change.ts';
import { tellingRefusedFields } from '../../configuration/telling-refused-fields.ts';
import { writeChange } from '../../configuration/write-change.ts';
import { withWritableSettings } from '../../settings/with-settings.ts';
import { writeJson } from '../../write-json.ts';

const HELP = `
The provider is tried with its configuration, and used only when it passes. One that has
no configuration yet gets an empty one: every field then has its default. A version whose
trial fails is kept as a draft.

Examples:
  $ sandport config use docker
  $ sandport config use docker --reason "gVisor from now on" --author alice
  $ sandport config use docker --draft
  $ sandport config use docker --no-test`;

/** `sandport config use` */
export function configUseCommand(context: CliContext): Command {
  return addChangeOptions(new Command('use').description('choose the provider that runs code').argument('<provider>', 'id of the provider'))
    .addHelpText('after', HELP)
    .action((provider: string, _options: unknown, command: Command) =>
      useProvider(context, provider, command.optsWithGlobals<ChangeOptions>()),
    );
}

/** Chooses a provider, and gives it an empty configuration when it has none, in one version. */
function useProvider(context: CliContext, providerId: string, options: ChangeOptions): Promise<void> {
  const { id, displayName } = carriedProvider(context.providers, providerId);
  return withWritableSettings(context, options, async (settings) => {
    const seen = await readForChange(settings.configurations, context.signal);
    const isConfigured = seen.providers.some((provider) => provider.id === id);
    if (isConfigured && seen.providerType === id && options.draft !== true) return sayItIsUsed(context, options, seen, displayName);
    const change = { providerType: id, ...(isConfigured ? {} : { providers: { [id]: { config: {} } } }) };
    const outcome = await tellingRefusedFields(providerConfigSetting(id), `First: sandport config set ${id} KEY=VALUE`, () =>
      makeChange({ context, settings, options }, seen, change, `use ${id}`),
    );
    writeChange(context, options, outcome, `Code now runs on "${id}" (${displayName}).`);
  });
}

function sayItIsUsed(
  context: CliContext,
  { json }: ChangeOptions,
  { version, override, providerType }: ActiveConfiguration,
  displayName: string,
): void {
  if (json === true) writeJson(context.stdout, { version, state: 'active', override, passports: [] });
  else context.stdout.write(`Code runs on "${providerType}" (${displayName}) already.\n`);
}
