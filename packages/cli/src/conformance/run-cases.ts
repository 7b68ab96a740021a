import { runConformance, type CaseReport, type ConformanceCase } from '@sandport/conformance';
import { createProvider, SandboxError, type JsonObject, type ProviderCapabilities, type ProviderDefinition } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';

/** A secret that is shorter would be found in ordinary words, and its case would fail for nothing. */
const MIN_PLANTED_LENGTH = 8;

/** What is run. */
export interface CasesRun {
  readonly definition: ProviderDefinition;
  readonly config: JsonObject;
  readonly secrets: readonly string[];
  readonly cases: readonly ConformanceCase[];
  /** `undefined` when nothing is said on the way. */
  readonly line: ProgressLine | undefined;
}

/** What came of it. */
export interface CasesOutcome {
  readonly reports: readonly CaseReport[];
  /** As the provider declares them. */
  readonly capabilities: ProviderCapabilities;
}

/**
 * Runs cases against a provider, one after the other.
 *
 * @throws SandboxError `CANCELLED` when the command is interrupted and everything that was made has ended; what the provider's factory throws.
 */
export async function runCases({ signal }: Pick<CliContext, 'signal'>, run: CasesRun): Promise<CasesOutcome> {
  const { definition, config, secrets, cases } = run;
  let capabilities: ProviderCapabilities | undefined;
  try {
    const { cases: reports } = await runConformance({
      createProvider: () => {
        const provider = createProvider(definition, config);
        capabilities ??= provider.capabilities;
        return provider;
      },
      plantedSecrets: secrets.filter((secret) => secret.length >= MIN_PLANTED_LENGTH),
      only: cases.map(({ id }) => id),
      signal,
      onProgress: progressOf(run),
    });
    if (capabilities === undefined) throw new SandboxError('INTERNAL', 'No provider was made.', { providerId: definition.id });
    return { reports, capabilities };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SandboxError('CANCELLED', 'Interrupted. What the cases had made has been ended.', { cause: error });
  }
}

/** Tells the groups that are tried, and on a terminal each case. */
function progressOf({ definition, cases, line }: CasesRun): (report: CaseReport) => void {
  const sizes = new Map<string, number>();
  for (const { area } of cases) sizes.set(area, (sizes.get(area) ?? 0) + 1);
  let done = 0;
  line?.show(`conformance of ${definition.id}: ${cases.length === 1 ? 'one case' : `${cases.length} cases`}`);
  return ({ id, area }) => {
    done += 1;
    line?.show(`conformance of ${definition.id}: ${area} (${sizes.get(area) ?? 0})`, `${done} of ${cases.length}, ${id}`);
  };
}
