import { ConformanceSession, type CaseReport } from '@sandport/conformance';
import type { CheckedOptions } from '../preparation-options.ts';
import type { TrialScene } from '../run-program.ts';
import { formsOfSecret } from '../secret-forms.ts';
import { settleWithin } from '../settle-within.ts';
import type { RawFinding } from '../trial-finding.ts';
import type { TrialProviders } from '../trial-providers.ts';

/** A secret that is shorter would be found in ordinary words, and its case would fail for nothing. */
const MIN_PLANTED_LENGTH = 8;

/** Milliseconds in which a case must settle whose providers were closed under it. */
const SETTLE_BOUND_MS = 5000;

/** Puts the provider through the chosen cases. Whatever happens, every provider is closed at the end, and the case that runs has settled. */
export async function tryCases(
  scene: TrialScene,
  options: CheckedOptions,
  providers: TrialProviders,
  secrets: readonly string[],
): Promise<void> {
  const { trial, record, provider, capabilities } = scene;
  const { cases, graceMs } = options;
  trial.begin('cases', cases.length, 'Putting the promises of the contract to the test');
  let isFirst = true;
  const session = await ConformanceSession.open({
    // The session works with the provider that is there; cases that close one get their own.
    createProvider: () => {
      const made = isFirst ? provider : providers.make();
      isFirst = false;
      return made;
    },
    capabilities,
    // The cases look at what is printed, where a secret of several lines stands otherwise than in the configuration.
    plantedSecrets: secrets.filter((secret) => secret.length >= MIN_PLANTED_LENGTH).flatMap(formsOfSecret),
    graceMs,
  });
  let running: Promise<CaseReport> | undefined;
  try {
    for (const one of cases) {
      trial.beginPart(one.id);
      running = session.run(one);
      const report = await trial.wait(running);
      record.addCase(report);
      trial.find(findingOf(report));
      trial.endPart(`${report.id}: ${report.outcome}${report.outcome === 'failed' ? `: ${report.message ?? ''}` : ''}`);
    }
  } finally {
    await providers.close();
    if (running !== undefined) await settleWithin(running, SETTLE_BOUND_MS);
    await settleWithin(session.close(), SETTLE_BOUND_MS);
  }
}

function findingOf({ id, title, outcome, message, durationMs }: CaseReport): RawFinding {
  return {
    kind: 'case',
    id,
    title,
    outcome,
    message: message ?? (outcome === 'passed' ? 'The promise is kept.' : 'No reason was given.'),
    durationMs,
  };
}
