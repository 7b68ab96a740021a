import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { addChangeOptions } from '../../configuration/change-options.ts';
import { configureProvider, type ConfigureOptions } from '../../connection/configure-provider.ts';
import { describeSources, type Connection } from '../../connection/connection-form.ts';
import { E2B_FORM, SERVICE_NAMES } from '../../e2b/connection.ts';
import { E2B_PROVIDER_ID } from '../../e2b/provider-id.ts';

interface ConfigureE2bOptions extends ConfigureOptions {
  readonly service?: string;
  readonly region?: string;
  readonly domain?: string;
  readonly apiUrl?: string;
  readonly sandboxUrl?: string;
  readonly template?: string;
}

const HELP = `
Asks for the service, its region where it has several, its addresses where they are your
own, the API key (not shown) and the template; tests the connection with a trivial program
in each language, and stores only what works. The connection is replaced as a whole; other
fields stay as they are stored, and are changed with "sandport config set ${E2B_PROVIDER_ID}".

Services: ${SERVICE_NAMES.join(', ')}.
docs/providers/e2b.md says what each is known to support. What an option gives is not
asked for. With --from-env nothing is asked; where there are both, an option goes first:
${describeSources(E2B_FORM)}

The key is never taken from the command line. To store it takes a master key: make one with
"sandport secrets create-key".

--use also chooses the provider, after the trial that "config use" makes. Without --use that
is tried only when the provider is in use already; the test of the connection always is.

Examples:
  $ sandport configure e2b
  $ sandport configure e2b --service tencent-ags --region ap-guangzhou --use
  $ sandport configure e2b --from-env --use --json
  $ sandport configure e2b --from-env --service aliyun-fc --region cn-hangzhou
  $ sandport configure e2b --service custom --domain sandbox.example.com --template python`;

/** `sandport configure e2b` */
export function configureE2bCommand(context: CliContext): Command {
  const command = new Command('e2b')
    .description('set up E2B, or a service that speaks its protocol, test the connection, and store it')
    .option('--service <name>', 'who runs the sandboxes')
    .option('--region <id>', 'region, for services that have several')
    .option('--domain <domain>', 'domain of the service')
    .option('--api-url <address>', 'address of the control plane')
    .option('--sandbox-url <address>', 'address of all sandboxes')
    .option('--template <name>', 'name or id of the template')
    .option('--from-env', 'take every other field from its variable instead of asking')
    .option('--use', 'also choose it as the provider that runs code');
  return addChangeOptions(command)
    .addHelpText('after', HELP)
    .action((_options: unknown, self: Command) => {
      const options = self.optsWithGlobals<ConfigureE2bOptions>();
      return configureProvider(context, E2B_FORM, options, givenBy(options));
    });
}

function givenBy({ service, region, domain, apiUrl, sandboxUrl, template }: ConfigureE2bOptions): Connection {
  return Object.fromEntries(
    Object.entries({ service, region, domain, apiUrl, sandboxUrl, template }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}
