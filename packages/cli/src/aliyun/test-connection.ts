import { SandboxError, type HealthCheck, type HealthReport } from '@sandport/core';
import { createAliyunProvider, type AliyunProviderConfig, type TemplateProgress } from '@sandport/provider-aliyun';
import type { CliContext } from '../cli-context.ts';
import { formatDuration } from '../format-duration.ts';
import { writeChecks } from '../doctor/write-checks.ts';
import { ALIYUN_PROVIDER_ID } from './provider-id.ts';

/**
 * Looks whether a configuration reaches AgentRun, with a trivial program in each language. The template is created where there is none.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` with the first finding that stands in the way, and its remedy.
 */
export async function testConnection(
  context: CliContext,
  config: AliyunProviderConfig,
  { isQuiet }: { readonly isQuiet: boolean },
): Promise<HealthReport> {
  const onTemplateProgress = ({ templateName, status, waitedMs }: TemplateProgress) => {
    if (!isQuiet) context.stderr.write(`template ${templateName}: ${status} (${formatDuration(waitedMs)})\n`);
  };
  if (!isQuiet) context.stderr.write('Testing the connection…\n');
  const report = await healthOf(context, config, onTemplateProgress);
  const failed = report.checks.filter(({ status }) => status === 'failed');
  if (!isQuiet) writeChecks(context, report.checks, context.stderr);
  if (failed[0] !== undefined) throw refusal(failed, failed[0]);
  return report;
}

async function healthOf(
  { signal }: CliContext,
  config: AliyunProviderConfig,
  onTemplateProgress: (progress: TemplateProgress) => void,
): Promise<HealthReport> {
  await using provider = createAliyunProvider(config, { onTemplateProgress });
  const report = await provider.checkHealth({ signal });
  // What an interruption broke off is no finding.
  if (signal.aborted)
    throw new SandboxError('CANCELLED', 'The test of the connection was broken off. Nothing was stored.', { cause: signal.reason });
  return report;
}

function refusal(failed: readonly HealthCheck[], { name, message, remedy }: HealthCheck): SandboxError {
  return new SandboxError('PROVIDER_UNAVAILABLE', `The connection does not work, and nothing was stored. ${name}: ${message}`, {
    providerId: ALIYUN_PROVIDER_ID,
    operation: 'testConnection',
    suggestion: remedy ?? 'Mend the cause and call again.',
    details: { failed: failed.map((check) => ({ name: check.name, message: check.message })) },
  });
}
