import { SandboxError, type HealthCheck, type HealthReport } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { writeChecks } from '../doctor/write-checks.ts';
import type { ConnectionForm } from './connection-form.ts';

/**
 * Looks whether a configuration reaches its service, with a trivial program in each language.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` with the first finding that stands in the way, and its remedy; `REQUEST_INVALID` for a field of it.
 */
export async function testConnection(
  context: CliContext,
  form: ConnectionForm,
  config: object,
  { isQuiet }: { readonly isQuiet: boolean },
): Promise<HealthReport> {
  const note = (text: string) => {
    if (!isQuiet) context.stderr.write(`${text}\n`);
  };
  await using provider = form.open(config, note);
  note('Testing the connection…');
  const { signal } = context;
  const report = await provider.checkHealth({ signal });
  // What an interruption broke off is no finding.
  if (signal.aborted)
    throw new SandboxError('CANCELLED', 'The test of the connection was broken off. Nothing was stored.', { cause: signal.reason });
  const failed = report.checks.filter(({ status }) => status === 'failed');
  if (!isQuiet) writeChecks(context, report.checks, context.stderr);
  if (failed[0] !== undefined) throw refusal(form, failed, failed[0]);
  return report;
}

function refusal({ providerId }: ConnectionForm, failed: readonly HealthCheck[], { name, message, remedy }: HealthCheck): SandboxError {
  return new SandboxError('PROVIDER_UNAVAILABLE', `The connection does not work, and nothing was stored. ${name}: ${message}`, {
    providerId,
    operation: 'testConnection',
    suggestion: remedy ?? 'Mend the cause and call again.',
    details: { failed: failed.map((check) => ({ name: check.name, message: check.message })) },
  });
}
