import { Command } from 'commander';
import { SandboxError, type Passport } from '@sandport/core';
import { providersInUse } from '@sandport/settings';
import { carriedProvider } from '../../chosen-provider.ts';
import type { CliContext } from '../../cli-context.ts';
import { EXIT_CODES, type ExitCodeListener } from '../../exit-code.ts';
import { addProgressOptions, isQuiet, type ProgressOptions } from '../../progress-option.ts';
import { withStoredSettings, type SettingsOption } from '../../settings/with-settings.ts';
import { parseCases } from '../../trial/parse-cases.ts';
import { tryConfiguration } from '../../trial/try-configuration.ts';
import { writePassport } from '../../trial/write-passport.ts';
import { parseVersionNumber } from '../../version-number.ts';
import { writeJson } from '../../write-json.ts';

interface ConfigTestOptions extends SettingsOption, ProgressOptions {
  readonly version?: number;
  readonly cases?: string;
}

const HELP = `
Makes the provider with that very configuration and tries it: health, a program in each
language, limits that are really broken, latency, and cases of the contract. What was
measured is stored as its passport. Without an id every provider in use is tried. The exit
code is 1 when a trial fails.

Examples:
  $ sandport config test
  $ sandport config test docker
  $ sandport config test --version 7
  $ sandport config test wasm --cases all
  $ sandport config test wasm --cases limits/,isolation/ --json`;

/** `sandport config test` */
export function configTestCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  const command = new Command('test')
    .description('try what is configured, and store what was measured')
    .argument('[provider]', 'id of the provider')
    .option('--version <number>', 'try a draft or a former version', parseVersionNumber)
    .option('--cases <ids>', 'cases of the contract, by their ids or beginnings, with commas between them; or all');
  return addProgressOptions(command)
    .addHelpText('after', HELP)
    .action(async (provider: string | undefined, _options: unknown, self: Command) => {
      const passports = await testConfiguration(context, provider, self.optsWithGlobals<ConfigTestOptions>());
      onExitCode(passports.every(({ passed }) => passed) ? EXIT_CODES.ok : EXIT_CODES.notCompleted);
    });
}

function testConfiguration(context: CliContext, provider: string | undefined, options: ConfigTestOptions): Promise<readonly Passport[]> {
  const chosen = provider === undefined ? undefined : carriedProvider(context.providers, provider);
  return withStoredSettings(context, options, async (settings) => {
    const { configurations } = settings;
    const { signal } = context;
    const version = options.version ?? null;
    const view = version === null ? await configurations.active({ signal }) : await configurations.version(version, { signal });
    const definitions = chosen === undefined ? providersInUse(view).map((id) => carriedProvider(context.providers, id)) : [chosen];
    if (definitions.length === 0) throw nothingChosen();
    const passports: Passport[] = [];
    for (const definition of definitions) {
      const what = { definition, version, cases: parseCases(options.cases), isQuiet: isQuiet(options) };
      const passport = await tryConfiguration(context, settings, what);
      if (options.json !== true) writePassport(context, passport);
      passports.push(passport);
    }
    if (options.json === true) writeJson(context.stdout, { version: view.version, passports });
    return passports;
  });
}

function nothingChosen(): SandboxError {
  return new SandboxError('CONFIG_MISSING', 'No provider is chosen, so there is nothing to try.', {
    operation: 'tryConfiguration',
    suggestion: 'Name a provider, or choose one with `sandport config use PROVIDER`.',
  });
}
