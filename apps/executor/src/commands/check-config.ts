import { Command } from 'commander';
import { parseProviderConfig } from '@sandport/core';
import { type CommandContext, readTls } from '@sandport/http-service';
import { readTokensFile } from '../access/tokens-file.ts';
import { readConfig } from '../config/read-config.ts';
import { findProvider } from '../find-provider.ts';
import { configOption } from './config-option.ts';

/** `config check`: everything that can be said without starting. */
export function checkConfigCommand(context: CommandContext): Command {
  const check = new Command('check')
    .description('Check the configuration, the tokens and the configuration of the provider, without starting anything.')
    .addOption(configOption())
    .option('--json', 'print one JSON document')
    .action(async (options: { readonly config?: string; readonly json?: boolean }) => {
      const config = readConfig({ file: options.config, environment: context.environment });
      parseProviderConfig(findProvider(config.provider.id), config.provider.config);
      if (config.tls !== undefined) readTls(config.tls);
      const tokens = config.tokensFile === undefined ? [] : await readTokensFile(config.tokensFile);
      const { name, listen, provider } = config;
      const facts = { name, listen, provider: provider.id, tokens: tokens.length };
      context.stdout.write(
        options.json === true
          ? `${JSON.stringify(facts)}\n`
          : `The configuration is right: "${name}" would listen on ${listen.host}:${listen.port} before "${provider.id}", for ${tokens.length} tokens.\n`,
      );
    });
  return new Command('config').description('Look at the configuration.').addCommand(check);
}
