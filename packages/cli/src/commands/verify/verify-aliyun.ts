import { Command } from 'commander';
import type { Passport } from '@sandport/core';
import type { PreparationProgress } from '@sandport/preparation';
import { inspectSdk } from '../../aliyun/inspect-sdk.ts';
import { findLiveConfig, type LiveConfig } from '../../aliyun/live-config.ts';
import { variablesInWords } from '../../aliyun/connection.ts';
import { ALIYUN_PROVIDER_ID } from '../../aliyun/provider-id.ts';
import { carriedProvider } from '../../chosen-provider.ts';
import type { CliContext } from '../../cli-context.ts';
import { colorsFor } from '../../colors-for.ts';
import { writeChecks } from '../../doctor/write-checks.ts';
import { EXIT_CODES, type ExitCodeListener } from '../../exit-code.ts';
import { printableLine } from '../../printable-text.ts';
import { locateSettings } from '../../settings/settings-location.ts';
import type { SettingsOption } from '../../settings/with-settings.ts';
import { parseCases } from '../../trial/parse-cases.ts';
import { writePassport } from '../../trial/write-passport.ts';
import { writeProgress } from '../../trial/write-progress.ts';
import { writeJson } from '../../write-json.ts';

interface VerifyOptions extends SettingsOption {
  readonly cases?: string;
  readonly json?: boolean;
}

type Verdict = 'passed' | 'failed' | 'no-credentials';

/** Every case there is takes long over a network. */
const DEADLINE_MS = 3 * 3_600_000;

const EXIT_CODE_OF: Readonly<Record<Verdict, number>> = {
  passed: EXIT_CODES.ok,
  failed: EXIT_CODES.notCompleted,
  'no-credentials': EXIT_CODES.noCredentials,
};

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
  return new Command('aliyun')
    .description('look at the installed packages, and prove the contract against the live account')
    .option('--cases <ids>', 'cases of the contract, by their ids or beginnings, with commas between them; or all', 'all')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(async (_options: unknown, self: Command) => {
      onExitCode(EXIT_CODE_OF[await verifyAliyun(context, self.optsWithGlobals<VerifyOptions>())]);
    });
}

async function verifyAliyun(context: CliContext, options: VerifyOptions): Promise<Verdict> {
  const { json = false } = options;
  carriedProvider(context.providers, ALIYUN_PROVIDER_ID);
  const sdk = inspectSdk();
  if (!json) writeChecks(context, sdk);
  const isInstalled = sdk.every(({ status }) => status === 'ok');
  const live = isInstalled ? await findLiveConfig(context, locateSettings(context, options.settings)) : undefined;
  const passport = live?.missing.length === 0 ? await prove(context, live, options) : undefined;
  const verdict: Verdict =
    live !== undefined && passport === undefined ? 'no-credentials' : passport?.passed === true ? 'passed' : 'failed';
  if (json) writeJson(context.stdout, { status: verdict, sdk, missing: live?.missing ?? [], passport: passport ?? null });
  else writeVerdict(context, live, passport);
  return verdict;
}

function prove(context: CliContext, { config, digest, isStored }: LiveConfig, { cases, json }: VerifyOptions): Promise<Passport> {
  const isQuiet = json === true;
  if (!isQuiet) context.stderr.write(`Proving it with the account of ${isStored ? 'the stored configuration' : 'the environment'}…\n`);
  return context.prepareProvider({
    definition: carriedProvider(context.providers, ALIYUN_PROVIDER_ID),
    config,
    configDigest: digest,
    cases: parseCases(cases) ?? 'all',
    deadlineMs: DEADLINE_MS,
    signal: context.signal,
    ...(isQuiet ? {} : { onProgress: writeEveryCase(context) }),
  });
}

/** As the progress of a trial, and each case with what came of it. */
function writeEveryCase(context: CliContext): (progress: PreparationProgress) => void {
  const colors = colorsFor(context.stderr, context);
  const writeStep = writeProgress(context, ALIYUN_PROVIDER_ID);
  return (progress) => {
    writeStep(progress);
    const { step, done, total, message } = progress;
    if (step === 'cases' && done > 0) context.stderr.write(colors.dim(`  ${done}/${total} ${printableLine(message)}\n`));
  };
}

function writeVerdict(context: CliContext, live: LiveConfig | undefined, passport: Passport | undefined): void {
  const { stdout } = context;
  if (passport !== undefined) return writePassport(context, passport);
  if (live === undefined) {
    stdout.write('The packages are not those that the provider needs; nothing else was looked at.\n');
    return;
  }
  const { missing } = live;
  stdout.write(
    `No credentials: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} neither stored nor set. Nothing was proven against an account.\n`,
  );
  const variables = missing.map((name) => variablesInWords(name));
  context.stderr.write(`Store them with: sandport configure aliyun; or set ${variables.join(', ')}.\n`);
}
