import { randomInt } from 'node:crypto';
import type { AnswerOf, CheckedBodyOf } from '@sandport/admin-api';
import {
  createProvider,
  executeOnce,
  parseExecutionRequest,
  type ExecutionResult,
  type JsonObject,
  type Language,
  type ProviderDefinition,
  type SandboxProvider,
} from '@sandport/core';
import { scrubberOf } from '@sandport/preparation';
import { checkFields } from '../configurations/check-fields.ts';
import { closeProvider } from '../service/close-provider.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { withoutSecrets } from '../service/without-secrets.ts';
import { WorkDeadline } from '../service/work-deadline.ts';
import { givenConfiguration } from './given-configuration.ts';
import { isTestValue, TEST_PROGRAMS, testOutput } from './test-programs.ts';

type TestedConfig = NonNullable<AnswerOf<'testConfig'>['data']>;

/** What a program of the test may take, and the whole test, in milliseconds. */
const PROGRAM_TIMEOUT_MS = 10_000;
const TEST_TIMEOUT_MS = 120_000;

/** Of each stream the message repeats so much; `details` has all of it. */
const MAX_QUOTED = 200;

interface TestCall {
  readonly body: CheckedBodyOf<'testConfig'>;
  readonly signal: AbortSignal;
}

/** Runs a program in each language of the provider with a configuration that is not stored. */
export async function testConfig(
  service: SandboxService,
  definition: ProviderDefinition,
  { body, signal }: TestCall,
): Promise<TestedConfig> {
  using _slot = service.slots.take();
  const config = await configToTest(service, definition, { body, signal });
  await service.guard.checkAddresses(definition, config, { signal });
  using deadline = new WorkDeadline(signal, TEST_TIMEOUT_MS);
  const scrub = scrubberOf(definition, config);
  const provider = createProvider(definition, config);
  try {
    const outcomes: Outcome[] = [];
    for (const language of definition.languages) outcomes.push(await runTest(provider, language, deadline.signal));
    return toAnswer(outcomes);
  } catch (error) {
    throw withoutSecrets(deadline.explain(error), scrub);
  } finally {
    await closeProvider(provider).catch(service.onFault);
  }
}

/** What was posted, with the secrets that are stored where none were. */
async function configToTest({ settings }: SandboxService, definition: ProviderDefinition, { body, signal }: TestCall): Promise<JsonObject> {
  const active = await settings.configurations.active({ signal });
  const stored = active.providers.find(({ id }) => id === definition.id);
  const given = givenConfiguration(definition, body.config, stored);
  checkFields(definition, given);
  if (given.keep.length === 0) return given.config;
  const { config } = await settings.openConfiguration(definition.id, null, { signal });
  const kept = Object.entries(config).filter(([name]) => given.keep.includes(name));
  return { ...given.config, ...Object.fromEntries(kept) };
}

interface Outcome {
  readonly language: Language;
  readonly result: ExecutionResult;
  readonly isRight: boolean;
}

async function runTest(provider: SandboxProvider, language: Language, signal: AbortSignal): Promise<Outcome> {
  const given = { left: randomInt(1_000_000), right: randomInt(1_000_000) };
  const request = parseExecutionRequest({
    code: TEST_PROGRAMS[language],
    language,
    arguments: given,
    limits: { timeoutMs: PROGRAM_TIMEOUT_MS },
    tenant: 'connection-test',
  });
  const result = await executeOnce(provider, request, { signal });
  const isRight = result.status === 'completed' && result.stdout === testOutput(language, given) && isTestValue(result.value, given);
  return { language, result, isRight };
}

function toAnswer(outcomes: readonly Outcome[]): TestedConfig {
  const success = outcomes.every(({ isRight }) => isRight);
  const telling = outcomes.find(({ isRight }) => !isRight) ?? outcomes[0];
  const exitCode = telling?.result.exitCode ?? null;
  const seconds = outcomes.reduce((sum, { result }) => sum + result.clock.totalMs, 0) / 1000;
  const stdout = textOf(outcomes, 'stdout');
  const stderr = textOf(outcomes, 'stderr');
  const failed = outcomes.filter(({ isRight }) => !isRight).map(({ language, result: { status } }) => `${language}: ${status}`);
  const message = [
    `Test ${success ? 'PASSED' : 'FAILED'}`,
    ...(failed.length === 0 ? [] : [`Failed in ${failed.join(', ')}`]),
    `Exit code: ${exitCode ?? 'none'}`,
    `Execution time: ${seconds.toFixed(2)}s`,
    ...quote('Output', stdout),
    ...quote('Errors', stderr),
  ].join(' | ');
  return { success, message, details: { exit_code: exitCode, execution_time: seconds, stdout, stderr } };
}

function textOf(outcomes: readonly Outcome[], stream: 'stdout' | 'stderr'): string {
  return outcomes.map(({ result }) => result[stream]).join('');
}

function quote(title: string, text: string): string[] {
  if (text === '') return [];
  return [`${title}: ${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED).toWellFormed()}...` : text}`];
}
