import type { HealthCheck, HealthReport, Passport } from '@sandport/core';
import type { PreparationProgress } from '@sandport/preparation';
import { locateSettings } from '@sandport/settings';
import { carriedProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { writeChecks } from '../doctor/write-checks.ts';
import { EXIT_CODES, type ExitCodeListener } from '../exit-code.ts';
import { printableLine } from '../printable-text.ts';
import { isQuiet, type ProgressOptions } from '../progress-option.ts';
import type { SettingsOption } from '../settings/with-settings.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { parseCases } from '../trial/parse-cases.ts';
import { writePassport } from '../trial/write-passport.ts';
import { writeProgress } from '../trial/write-progress.ts';
import { writeJson } from '../write-json.ts';
import type { ConnectionForm } from './connection-form.ts';
import { findLiveConfig, type LiveConfig } from './live-config.ts';

/** Options of every `verify …`. */
export interface VerifyOptions extends SettingsOption, ProgressOptions {
  readonly cases?: string;
}

/** What is verified. */
export interface Verified {
  readonly form: ConnectionForm;
  /** Looks at the vendor's packages. */
  readonly inspectSdk: () => HealthCheck[];
}

type Verdict = 'passed' | 'failed' | 'no-credentials';

/** Every case there is takes long over a network. */
const DEADLINE_MS = 3 * 3_600_000;

const EXIT_CODE_OF: Readonly<Record<Verdict, number>> = {
  passed: EXIT_CODES.ok,
  failed: EXIT_CODES.notCompleted,
  'no-credentials': EXIT_CODES.noCredentials,
};

/**
 * Looks at the vendor's packages, proves the contract against the live account, and says what the service was found to be.
 *
 * @throws SandboxError `REQUEST_INVALID` for cases that do not exist, and as the settings do.
 */
export async function verifyProvider(
  context: CliContext,
  { form, inspectSdk }: Verified,
  options: VerifyOptions,
  onExitCode: ExitCodeListener,
): Promise<void> {
  const { json = false } = options;
  carriedProvider(context.providers, form.providerId);
  const sdk = inspectSdk();
  if (!json) writeChecks(context, sdk);
  const isInstalled = sdk.every(({ status }) => status !== 'failed');
  const live = isInstalled ? await findLiveConfig(context, form, locateSettings(context, options.settings)) : undefined;
  const proven = live?.missing.length === 0 ? await prove(context, form, live, options) : undefined;
  const verdict: Verdict =
    live !== undefined && proven === undefined ? 'no-credentials' : proven?.passport.passed === true ? 'passed' : 'failed';
  if (json) {
    const checks = proven?.health.checks ?? [];
    writeJson(context.stdout, { status: verdict, sdk, missing: live?.missing ?? [], checks, passport: proven?.passport ?? null });
  } else writeVerdict(context, form, live, proven);
  onExitCode(EXIT_CODE_OF[verdict]);
}

/** What came of it, and what was seen of the service. */
interface Proven {
  readonly passport: Passport;
  readonly health: HealthReport;
}

async function prove(
  context: CliContext,
  form: ConnectionForm,
  { config, digest, isStored }: LiveConfig,
  options: VerifyOptions,
): Promise<Proven> {
  const isSilent = isQuiet(options);
  const { signal } = context;
  using line = new ProgressLine(context);
  if (!isSilent) context.stderr.write(`Proving it with the account of ${isStored ? 'the stored configuration' : 'the environment'}…\n`);
  const passport = await context.prepareProvider({
    definition: carriedProvider(context.providers, form.providerId),
    config,
    configDigest: digest,
    cases: parseCases(options.cases) ?? 'all',
    deadlineMs: DEADLINE_MS,
    signal,
    ...(isSilent ? {} : { onProgress: writeEveryCase(context, form, line) }),
  });
  line.clear();
  await using provider = form.open(config, (text) => void (isSilent || context.stderr.write(`${text}\n`)));
  return { passport, health: await provider.checkHealth({ signal }) };
}

/** As the progress of a trial, and each case with what came of it. */
function writeEveryCase(context: CliContext, { providerId }: ConnectionForm, line: ProgressLine): (progress: PreparationProgress) => void {
  const colors = colorsFor(context.stderr, context);
  const writeStep = writeProgress(line, providerId);
  return (progress) => {
    const { step, done, total, message } = progress;
    if (step !== 'cases' || done === 0) return writeStep(progress);
    line.clear();
    context.stderr.write(colors.dim(`  ${done}/${total} ${printableLine(message)}\n`));
  };
}

function writeVerdict(context: CliContext, form: ConnectionForm, live: LiveConfig | undefined, proven: Proven | undefined): void {
  const { stdout } = context;
  if (proven !== undefined) {
    writeChecks(context, proven.health.checks);
    return writePassport(context, proven.passport);
  }
  if (live === undefined) {
    stdout.write('The packages are not those that the provider needs; nothing else was looked at.\n');
    return;
  }
  const { missing } = live;
  stdout.write(
    `No credentials: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} neither stored nor set. Nothing was proven against an account.\n`,
  );
  const advice = form.fields
    .filter(({ name }) => missing.includes(name))
    .flatMap(({ variables }) => (variables.length === 0 ? [] : [variables.join(' or ')]));
  context.stderr.write(`Store them with: sandport configure ${form.verb}${advice.length === 0 ? '' : `; or set ${advice.join(', ')}`}.\n`);
}
