import { startFakeAgentRun, type AgentRunFault, type FakeAgentRun } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { ControlClient } from '../src/control/control-client.ts';
import { DataClient } from '../src/data/data-client.ts';
import { AgentRunFailure } from '../src/http/agentrun-failure.ts';
import { makeKeyProvider } from '../src/settings/key-provider.ts';
import { resolveSettings } from '../src/settings/resolve-settings.ts';
import { createAliyunProvider } from '../src/index.ts';
import { configOf } from './fake-account.ts';

const OPTIONS = { timeoutMs: 15_000 };

/** A context of the service's own in a sandbox of a fake. */
async function openContext(
  fake: FakeAgentRun,
): Promise<{ execute: (code: string, seconds?: number) => ReturnType<DataClient['executeCode']> }> {
  const config = configOf(fake);
  const [settings, keys] = [resolveSettings(config), makeKeyProvider(config)];
  const [control, data] = [new ControlClient(settings.control, keys), new DataClient(settings, keys)];
  const provider = createAliyunProvider(config);
  // It makes the template.
  await (await provider.createSandbox({ language: 'python' })).destroy();
  await provider.close();
  const { sandboxId } = await control.createSandbox({
    templateName: settings.templateName,
    sandboxId: 'of-this-test',
    sandboxIdleTimeoutInSeconds: 600,
  });
  const contextId = await data.createContext(sandboxId, 'python', '/home/user', OPTIONS);
  return { execute: (code, seconds = 5) => data.executeCode(sandboxId, contextId, code, seconds, OPTIONS) };
}

describe.concurrent("answers to executions in the service's own kernels", { timeout: 60_000 }, () => {
  test('are read in every published shape', async () => {
    await using fake = await startFakeAgentRun();
    const { execute } = await openContext(fake);
    expect(await execute('print("a")\nprint("b")')).toMatchObject({ error: null });
    const shapes: AgentRunFault[] = (['value', 'ename-evalue', 'name-value', 'traceback', 'traceback-lines'] as const).map((shape) => ({
      kind: 'error-shape',
      shape,
    }));
    for (const fault of [...shapes, { kind: 'no-end-of-execution' } as const, { kind: 'result-data' } as const]) {
      const takeOut = fake.faults.add({ match: { operation: 'ExecuteCode' }, fault });
      const { error } = await execute('1 / 0');
      expect(error).toContain('division by zero');
      takeOut();
    }
    fake.faults.add({ match: { operation: 'ExecuteCode' }, fault: { kind: 'output-in-pieces' } });
    expect((await execute('import sys\nprint("a")\nsys.stdout.write("b")')).stdout.join('')).toMatch(/^a\n?b$/);
  });

  test.each([
    ['error-item', 'an error item'],
    ['request-timeout', 408],
    ['gateway-timeout', 504],
  ] as const)('that take too long are never taken for a success (%s)', async (answer, expected) => {
    await using fake = await startFakeAgentRun({ executionTimeoutAnswer: answer });
    const { execute } = await openContext(fake);
    const [outcome] = await Promise.allSettled([execute('import time\ntime.sleep(20)', 1)]);
    if (outcome.status === 'fulfilled') {
      expect(expected).toBe('an error item');
      expect(outcome.value.error).not.toBeNull();
    } else {
      expect(outcome.reason).toBeInstanceOf(AgentRunFailure);
      expect(outcome.reason).toMatchObject({ facts: { status: expected } });
    }
  });
});
