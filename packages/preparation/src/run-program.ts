import {
  SANDBOX_LIMIT_NAMES,
  type ExecutionRequestInput,
  type ExecutionResult,
  type Language,
  type ProviderCapabilities,
  type SandboxProvider,
} from '@sandport/core';
import type { PassportRecord } from './passport-record.ts';
import type { Trial } from './trial.ts';

/** What the steps have in common. */
export interface TrialScene {
  readonly trial: Trial;
  readonly record: PassportRecord;
  readonly provider: SandboxProvider;
  /** What it can do, as it said when it was asked. */
  readonly capabilities: ProviderCapabilities;
}

/** A program in a language that is named as the provider names it. */
export interface TrialRequest extends ExecutionRequestInput {
  readonly language: Language;
}

/** A whole call: makes a sandbox, runs the program, destroys the sandbox. Every isolation that the result names goes on record. */
export async function runProgram({ trial, record, provider }: TrialScene, request: TrialRequest): Promise<ExecutionResult> {
  const { signal } = trial;
  const limits = Object.fromEntries(SANDBOX_LIMIT_NAMES.map((name) => [name, request.limits?.[name]]));
  const sandbox = await trial.wait(provider.createSandbox({ language: request.language, limits }, { signal }));
  try {
    const result = await trial.wait(sandbox.execute(request, { signal }));
    record.addIsolation(result.isolation);
    for (const one of result.evidence) if (one.kind === 'isolation') record.addIsolation({ ...one, kind: one.isolation });
    return result;
  } finally {
    await trial.wait(sandbox.destroy());
  }
}

/** What became of a program that should have become something else. */
export function describeEnd({ status, error }: ExecutionResult): string {
  return error === null ? `the program ended as ${status}` : `the program ended as ${status}: ${error.type}: ${error.message}`;
}

/** What a program printed, for a finding. What a provider gave in the place of text is not looked at. */
export function printedBy(result: ExecutionResult | undefined): string {
  const texts: readonly unknown[] = [result?.stdout, result?.stderr];
  return texts.filter((text) => typeof text === 'string' && text !== '').join('\n');
}
