import { Command } from 'commander';
import { ALIYUN_FORM } from '../../aliyun/connection.ts';
import { inspectAliyunPackages } from '../../aliyun/sdk-packages.ts';
import type { CliContext } from '../../cli-context.ts';
import { verifyProvider, type VerifyOptions } from '../../connection/verify-provider.ts';
import type { ExitCodeListener } from '../../exit-code.ts';
import { addProgressOptions } from '../../progress-option.ts';

const HELP = `
Looks at the installed packages of Alibaba Cloud (their versions, and the classes that are
used), and then proves the provider against the live account: health, a program in each
language, limits that are really broken, latency, and every case of the contract. That
takes long, and the account pays for its sandboxes; --cases runs some of them only.

The account is that of the stored configuration; what that lacks, or all of it, comes from
the variables that "sandport configure aliyun --help" lists. Nothing is stored.

Exit codes: 0 when all is proven; 1 when something is not; 3 when the stored configuration
cannot be read; 4 when there are no credentials, so that nothing but the packages was
looked at.

Examples:
  $ sandport verify aliyun
  $ sandport verify aliyun --cases lifecycle/,values/
  $ sandport verify aliyun --json > verified.json`;

/** `sandport verify aliyun` */
export function verifyAliyunCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  const command = new Command('aliyun')
    .description('look at the installed packages, and prove the contract against the live account')
    .option('--cases <ids>', 'cases of the contract, by their ids or beginnings, with commas between them; or all', 'all');
  return addProgressOptions(command)
    .addHelpText('after', HELP)
    .action((_options: unknown, self: Command) =>
      verifyProvider(context, { form: ALIYUN_FORM, inspectSdk: inspectAliyunPackages }, self.optsWithGlobals<VerifyOptions>(), onExitCode),
    );
}
