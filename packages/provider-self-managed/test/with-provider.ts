import type { SandboxProvider } from '@sandport/core';
import { PlayedExecutor } from './played-executor.ts';
import { until } from './until.ts';

/** Uses a provider before an executor that is played; both leave no connection behind. */
export async function withProvider(
  use: (executor: PlayedExecutor, provider: SandboxProvider) => Promise<void>,
  config: object = {},
): Promise<void> {
  await using executor = await PlayedExecutor.start();
  const provider = executor.provider({ protocol: 'sandport', ...config });
  await use(executor, provider);
  await provider.close();
  await until(() => executor.openSockets === 0);
}
