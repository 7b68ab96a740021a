import { expect, test } from 'vitest';
import { AgentRunFailure } from './agentrun-failure.ts';
import { isPassing } from './retry.ts';

test('a throttled call may pass whatever its status', () => {
  const refused = { plane: 'data', action: 'RunCommand', kind: 'refused', status: 400 } as const;
  expect(isPassing(new AgentRunFailure({ ...refused, code: 'Throttling.Api' }))).toBe(true);
  expect(isPassing(new AgentRunFailure(refused))).toBe(false);
});
