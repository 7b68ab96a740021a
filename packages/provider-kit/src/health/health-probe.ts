import type { CallOptions, ExecutionResult, HealthCheck, Language, MeasuredIsolation, SandboxError, SandboxProvider } from '@sandport/core';

/** A tenant of its own, so that the look has its turn beside the callers; it gives up before they would. */
const PROBE_TENANT = 'io.sandport.health';
const PROBE_WAIT_MS = 15_000;
const PROBE_TIMEOUT_MS = 10_000;
const PROBE_VALUE = 'ready';

const PROBE_CODE = {
  python: `def main():\n    return "${PROBE_VALUE}"\n`,
  javascript: `function main() { return "${PROBE_VALUE}"; }\n`,
} as const satisfies Record<Language, string>;

/** Runs a trivial program through the whole path, for a tenant of its own where the provider itself decides who comes next. */
export async function runProbe(
  provider: Pick<SandboxProvider, 'createSandbox'>,
  language: Language,
  call: CallOptions,
  tenant: string = PROBE_TENANT,
): Promise<ExecutionResult> {
  const sandbox = await provider.createSandbox({ language, tenant, maxWaitMs: PROBE_WAIT_MS }, call);
  try {
    return await sandbox.execute({ language, code: PROBE_CODE[language], limits: { timeoutMs: PROBE_TIMEOUT_MS } }, call);
  } finally {
    await sandbox.destroy();
  }
}

/** What a probe needs to become a finding. */
export interface ProbeOptions {
  readonly language: Language;
  readonly probe: (language: Language) => Promise<ExecutionResult>;
  /** Says what a failure means. */
  readonly toError: (error: unknown) => SandboxError;
  /** What to do when the program ends in another way than it should. */
  readonly remedy: string;
}

/** Probes one language, and says what was found; failures are findings too. */
export async function probeCheck(
  options: ProbeOptions,
): Promise<{ readonly check: HealthCheck; readonly isolation: MeasuredIsolation | null }> {
  const { language, probe, toError, remedy } = options;
  const name = `run.${language}`;
  try {
    const { status, isolation, clock, ...result } = await probe(language);
    const isReady = status === 'completed' && 'value' in result && result.value === PROBE_VALUE;
    const message = isReady
      ? `A program ran in ${Math.round(clock.totalMs)} ms; measured isolation: ${isolation.kind}.`
      : `A trivial program ended as "${status}".`;
    return { check: isReady ? { name, status: 'ok', message } : { name, status: 'failed', message, remedy }, isolation };
  } catch (error) {
    return { check: checkOf(name, toError(error), ''), isolation: null };
  }
}

/** A finding as a check: failed, unless there is none. */
export function checkOf(name: string, finding: SandboxError | undefined, goodMessage: string): HealthCheck {
  if (finding === undefined) return { name, status: 'ok', message: goodMessage };
  return { name, status: 'failed', message: finding.message, remedy: finding.suggestion ?? 'Look at the cause.' };
}
