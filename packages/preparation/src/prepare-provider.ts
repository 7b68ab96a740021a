import type { Passport, ProviderCapabilities, SandboxProvider } from '@sandport/core';
import { describeFailure, StepFailure } from './describe-failure.ts';
import { learnSecrets } from './learn-secrets.ts';
import { PassportRecord } from './passport-record.ts';
import { checkOptions, type CheckedOptions, type PreparationOptions } from './preparation-options.ts';
import { SecretScrubber } from './secret-scrubber.ts';
import { tryCases } from './steps/try-cases.ts';
import { tryHealth } from './steps/try-health.ts';
import { tryLanguages } from './steps/try-languages.ts';
import { tryLatency } from './steps/try-latency.ts';
import { tryLimits } from './steps/try-limits.ts';
import { tellFailedCheck, tellFailedStep, tellIsolation, tellPassedCheck } from './trial-checks.ts';
import { Trial } from './trial.ts';
import { TrialProviders } from './trial-providers.ts';

/**
 * Tries a provider with one very configuration: makes it, looks at its health, runs a program in each language, breaks each limit, measures calls, and puts it through a chosen
 * set of conformance cases. What is wrong with the provider or the configuration is a passport that did not pass and says why. Every provider that was made is closed when the
 * call settles, or was given 15 seconds for it.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the option, `CANCELLED` when the signal fired.
 */
export async function prepareProvider(options: PreparationOptions): Promise<Passport> {
  const checked = checkOptions(options);
  const scrubber = new SecretScrubber();
  const record = new PassportRecord(checked, scrubber);
  const providers = new TrialProviders(checked.definition, checked.config);
  using trial = new Trial(checked, scrubber);
  trial.throwIfWithdrawn();
  try {
    await tryEverything(checked, { trial, record, providers, scrubber });
  } catch (error) {
    // What fails after the end of the trial fails because of it.
    if (!trial.isOver) {
      record.addProblem(problemOf(trial, error));
      tellFailedStep(trial, error);
    }
  }
  const lateness = trial.latenessProblem;
  if (lateness !== undefined) {
    record.addProblem(lateness);
    tellFailedCheck(trial, 'deadline', {
      message: lateness,
      remedy: 'Look at the load of the provider, or choose fewer cases, and test again.',
    });
  }
  trial.begin('close', 1, 'Closing the provider');
  const closeProblem = await providers.close();
  if (closeProblem !== undefined) {
    record.addProblem(closeProblem);
    tellFailedCheck(trial, 'close', { message: closeProblem });
  }
  trial.endPart(closeProblem ?? 'The provider is closed');
  trial.throwIfWithdrawn();
  return record.finish();
}

function problemOf({ step }: Trial, error: unknown): string {
  return error instanceof StepFailure ? error.message : `The step "${step}" failed: ${describeFailure(error)}.`;
}

interface Parts {
  readonly trial: Trial;
  readonly record: PassportRecord;
  readonly providers: TrialProviders;
  readonly scrubber: SecretScrubber;
}

async function tryEverything(options: CheckedOptions, { trial, record, providers, scrubber }: Parts): Promise<void> {
  trial.begin('create', 1, 'Making the provider');
  const secrets = learnSecrets(options.definition, options.config, scrubber);
  const provider = makeProvider(options, providers);
  record.setCapabilities(provider.capabilities);
  tellPassedCheck(trial, 'configuration', 'The provider is made.');
  trial.endPart('The provider is made');
  await tryHealth({ trial, record, provider });
  const capabilities = await learnCapabilities(trial, provider);
  record.setCapabilities(capabilities);
  const scene = { trial, record, provider, capabilities };
  await tryLanguages(scene);
  await tryLimits(scene);
  await tryLatency(scene);
  tellIsolation(trial, record);
  await tryCases(scene, options, providers, secrets);
}

/** A provider that knows only by asking what stands behind it is tried in that, and in nothing that it could do elsewhere. */
function learnCapabilities(trial: Trial, provider: SandboxProvider): Promise<ProviderCapabilities> {
  if (provider.askCapabilities === undefined) return Promise.resolve(provider.capabilities);
  return trial.wait(provider.askCapabilities({ signal: trial.signal }));
}

function makeProvider({ definition }: CheckedOptions, providers: TrialProviders): SandboxProvider {
  const provider = providers.make();
  if (provider.id === definition.id) return provider;
  throw new StepFailure(`The provider calls itself "${provider.id}", and its definition "${definition.id}".`);
}
