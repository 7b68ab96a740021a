import { createSandboxClient, type SandboxClient } from '@sandport/client';
import type { ExecutionRequestInput, ExecutionResult } from '@sandport/core';
import { locateSettings } from '@sandport/settings';
import { withProvider } from './chosen-provider.ts';
import type { CliContext } from './cli-context.ts';
import { openChosenSettings } from './empty-installation.ts';
import { reportWarning } from './report-error.ts';

/** Where a command runs code. */
export interface ClientOptions {
  readonly settings?: string;
  /** Instead of the provider in use. */
  readonly provider?: string;
}

/** A client of the stored configuration, or of one of its providers. */
export function createStoredClient(context: CliContext, { settings, provider }: ClientOptions): SandboxClient {
  return createSandboxClient({
    settings: () => {
      const stored = openChosenSettings(context, locateSettings(context, settings));
      return provider === undefined ? stored : withProvider(stored, provider);
    },
    providers: context.providers,
    onWarning: (warning) => reportWarning(context, warning),
  });
}

/** Makes one call with a client of its own. */
export async function executeStored(context: CliContext, options: ClientOptions, request: ExecutionRequestInput): Promise<ExecutionResult> {
  await using client = createStoredClient(context, options);
  return await client.execute(request, { signal: context.signal });
}
