import { createProvider } from '@sandport/core';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { expect, test } from 'vitest';
import { startExecutorUnderTest } from '../executor-under-test.ts';

test.each(['default', 'shop'])('a token for the tenant "%s" alone is enough for the health of its holder', async (tenant) => {
  const text = `spx_good-for-${tenant}-alone`;
  await using served = await startExecutorUnderTest({ tokens: [{ id: 'one', text, tenant }] });
  const provider = createProvider(selfManagedProvider, { endpoint: served.address, token: text });
  try {
    const { checks } = await provider.checkHealth();
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(checks.filter(({ name }) => name.startsWith('run.')).map((check) => [check.name, check.status])).toEqual([
      ['run.python', 'ok'],
      ['run.javascript', 'ok'],
    ]);
  } finally {
    await provider.close();
  }
});
