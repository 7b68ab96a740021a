import { Command } from 'commander';
import { ALIYUN_FORM } from '../../aliyun/connection.ts';
import { ALIYUN_PROVIDER_ID } from '../../aliyun/provider-id.ts';
import type { CliContext } from '../../cli-context.ts';
import { addChangeOptions } from '../../configuration/change-options.ts';
import { configureProvider, type ConfigureOptions } from '../../connection/configure-provider.ts';
import { describeSources } from '../../connection/connection-form.ts';

const HELP = `
Asks for the access key (its secret is not shown), the account, the region and the template,
tests the connection with a trivial program in each language, and stores only what works.
The template is created where there is none. Other fields stay as they are stored; change
them with "sandport config set ${ALIYUN_PROVIDER_ID}".

With --from-env nothing is asked. Each field comes from the first variable that is set; the
halves of a key, and its token, come from one family:
${describeSources(ALIYUN_FORM)}

The secret is never taken from the command line. To store it takes a master key: make one
with "sandport secrets create-key".

--use also chooses the provider, after the trial that "config use" makes. Without --use that
is tried only when the provider is in use already; the test of the connection always is.

Examples:
  $ sandport configure aliyun
  $ sandport configure aliyun --use
  $ sandport configure aliyun --from-env --use --json
  $ AGENTRUN_REGION=cn-shanghai sandport configure aliyun --from-env --reason "moved"`;

/** `sandport configure aliyun` */
export function configureAliyunCommand(context: CliContext): Command {
  const command = new Command('aliyun')
    .description('set up Alibaba Cloud AgentRun, test the connection, and store it')
    .option('--from-env', 'take every field from its variable instead of asking')
    .option('--use', 'also choose it as the provider that runs code');
  return addChangeOptions(command)
    .addHelpText('after', HELP)
    .action((_options: unknown, self: Command) => configureProvider(context, ALIYUN_FORM, self.optsWithGlobals<ConfigureOptions>()));
}
