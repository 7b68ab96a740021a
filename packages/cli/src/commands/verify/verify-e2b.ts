import { Command } from 'commander';
import type { CliContext } from '../../cli-context.ts';
import { verifyProvider, type VerifyOptions } from '../../connection/verify-provider.ts';
import { E2B_FORM } from '../../e2b/connection.ts';
import { inspectE2bPackages } from '../../e2b/sdk-packages.ts';
import type { ExitCodeListener } from '../../exit-code.ts';
import { addProgressOptions } from '../../progress-option.ts';

const HELP = `
Looks at the installed package of E2B (its version, and the classes that are used), and then
proves the provider against the live account: health, a program in each language, limits
that are really broken, latency, and every case of the contract. It also says in which
dialect the service makes sandboxes, and which way leads into them. That takes long, and the
account pays for its sandboxes; --cases runs some of them only.

The account is that of the stored configuration; what that lacks, or all of it, comes from
the variables that "sandport configure e2b --help" lists. Nothing is stored.

Exit codes: 0 when all is proven; 1 when something is not; 3 when the stored configuration
cannot be read; 4 when there are no credentials, so that nothing but the package was
looked at.

Examples:
  $ sandport verify e2b
  $ sandport verify e2b --cases lifecycle/,values/
  $ sandport verify e2b --json > verified.json`;

/** `sandport verify e2b` */
export function verifyE2bCommand(context: CliContext, onExitCode: ExitCodeListener): Command {
  const command = new Command('e2b')
    .description('look at the installed package, and prove the contract against the live account')
    .option('--cases <ids>', 'cases of the contract, by their ids or beginnings, with commas between them; or all', 'all');
  return addProgressOptions(command)
    .addHelpText('after', HELP)
    .action((_options: unknown, self: Command) =>
      verifyProvider(context, { form: E2B_FORM, inspectSdk: inspectE2bPackages }, self.optsWithGlobals<VerifyOptions>(), onExitCode),
    );
}
