import { startFakeAgentRun, type FakeAgentRun, type FakeAgentRunOptions } from '@sandport/fakes';
import { onTestFinished } from 'vitest';
import type { createCarryingHome } from './carrying-home.ts';

/** What no output may show. */
export const KEY_SECRET = 'ak-secret-do-not-show-0815';

/** A fake AgentRun for one test, with a known secret. */
export async function startFake(options: FakeAgentRunOptions = {}): Promise<FakeAgentRun> {
  const fake = await startFakeAgentRun({ ...options, account: { accessKeySecret: KEY_SECRET, ...options.account } });
  onTestFinished(() => fake.close());
  return fake;
}

/** The variables that lead to a fake. */
export function variablesOf(fake: FakeAgentRun): Record<string, string> {
  const { accountId, accessKeyId, accessKeySecret } = fake.account;
  return {
    AGENTRUN_ACCESS_KEY_ID: accessKeyId,
    AGENTRUN_ACCESS_KEY_SECRET: accessKeySecret,
    AGENTRUN_ACCOUNT_ID: accountId,
    AGENTRUN_REGION: fake.region,
    AGENTRUN_CONTROL_ENDPOINT: fake.url,
    AGENTRUN_DATA_ENDPOINT: fake.url,
  };
}

/** Stores the connection to a fake, as `configure aliyun` does. */
export async function configure(home: Awaited<ReturnType<typeof createCarryingHome>>, fake: FakeAgentRun): Promise<void> {
  const { exitCode, stderr } = await home.run(['configure', 'aliyun', '--from-env'], { environment: variablesOf(fake) });
  if (exitCode !== 0) throw new Error(stderr);
}
