import type { ConformanceCase } from '@sandport/conformance';
import { SecretScrubber } from '@sandport/preparation';
import type { CliContext } from '../cli-context.ts';
import { isQuiet, type ProgressOptions } from '../progress-option.ts';
import { reportWarning } from '../report-error.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { writeJson } from '../write-json.ts';
import type { ConformanceLevel } from './choose-cases.ts';
import { configSecrets } from './config-secrets.ts';
import { reportConformance, type ConformanceDocument } from './conformance-report.ts';
import { providerUnderTest } from './provider-under-test.ts';
import { reportFile } from './report-file.ts';
import { runCases } from './run-cases.ts';
import { triedConfig, type TriedConfigOptions } from './tried-config.ts';
import { writeReportText } from './write-report-text.ts';

/** Options of `sandport conformance`. */
export interface ConformanceOptions extends ProgressOptions, TriedConfigOptions {
  readonly provider?: string;
  readonly export?: string;
  readonly level: ConformanceLevel;
  readonly only: readonly string[];
  readonly report?: string;
  readonly list?: boolean;
}

/** Runs cases against the provider that was named, and tells what came of it. What the command line has wrong is said before anything of the author's is run. */
export async function proveConformance(
  context: CliContext,
  cases: readonly ConformanceCase[],
  options: ConformanceOptions & { readonly provider: string },
): Promise<ConformanceDocument> {
  const writeReport = options.report === undefined ? undefined : await reportFile(options.report);
  const { definition, module } = await providerUnderTest(context, options.provider, options.export);
  const { config, source } = await triedConfig(context, definition, options);
  const { secrets, problem } = configSecrets(definition, config);
  if (problem !== undefined && !isQuiet(options)) reportWarning(context, problem);
  const scrubber = new SecretScrubber();
  scrubber.add(secrets);
  const startedAt = new Date();
  using line = new ProgressLine(context);
  const outcome = await runCases(context, { definition, config, secrets, cases, line: isQuiet(options) ? undefined : line });
  const document = reportConformance(
    {
      provider: { id: definition.id, displayName: definition.displayName, module },
      level: options.level,
      only: options.only,
      configuration: source,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      node: process.version,
    },
    { ...outcome, cases, scrub: (text) => scrubber.scrub(text) },
  );
  line.clear();
  await writeReport?.(document);
  if (options.json === true) writeJson(context.stdout, document);
  else writeReportText(context, document);
  return document;
}
