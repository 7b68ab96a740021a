import { readTls, type CommandContext } from '@sandport/http-service';
import { placeOf } from '@sandport/settings';
import { Command } from 'commander';
import { readClientSecret } from '../config/read-client-secret.ts';
import { findConfig, serveOptions, type ServeOptions } from './serve-options.ts';

/** `check-config`: everything that can be said without starting. */
export function checkConfigCommand(context: CommandContext): Command {
  const command = new Command('check-config')
    .description('Check the configuration and the files that it names, without starting or opening anything.')
    .option('--json', 'print one JSON document')
    .action(async (options: ServeOptions & { readonly json?: boolean }) => {
      const { config, location } = findConfig(context, options);
      if (config.tls !== undefined) readTls(config.tls);
      if (config.openId !== undefined) readClientSecret(config.openId);
      const { kind, shown } = placeOf(location);
      const facts = { listen: config.listen, settings: { kind, place: shown }, openId: config.openId?.issuer ?? null };
      context.stdout.write(
        options.json === true
          ? `${JSON.stringify(facts)}\n`
          : `The configuration is right: it would listen on ${config.listen.host}:${config.listen.port}, with the settings at ${shown} (${kind}).\n`,
      );
    });
  for (const option of serveOptions()) command.addOption(option);
  return command;
}
