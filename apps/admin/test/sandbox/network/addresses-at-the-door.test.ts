import { SandboxError } from '@sandport/core';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { describe, expect, test } from 'vitest';
import { ConnectionGuard } from '../../../src/index.ts';

describe('at the door', () => {
  async function failureOf(guard: ConnectionGuard, config: Record<string, string | string[]>): Promise<unknown> {
    try {
      await guard.checkAddresses(selfManagedProvider, config);
    } catch (error) {
      return SandboxError.isInstance(error) ? [error.code, error.details, error.message] : error;
    }
    return undefined;
  }

  test('a field is named, with what its address is', async () => {
    const guard = new ConnectionGuard({ resolve: () => Promise.resolve(['10.0.0.7']) });
    expect(await failureOf(guard, { endpoint: 'http://169.254.169.254' })).toEqual([
      'POLICY_VIOLATED',
      { kind: 'link-local', field: 'endpoint' },
      expect.stringMatching(/^endpoint: .*169\.254\.169\.254 is a link-local address/),
    ]);
    expect(await failureOf(guard, { endpoint: 'https://1.1.1.1', endpoints: ['https://inner.example'] })).toEqual([
      'POLICY_VIOLATED',
      { kind: 'private', field: 'endpoints' },
      expect.stringContaining('inner.example (10.0.0.7) is in a private network'),
    ]);
  });

  test('what may be reached passes, and so does what cannot be looked up: the provider will say so', async () => {
    const guard = new ConnectionGuard({
      allowedPrivateNetworks: ['10.0.0.0/8'],
      resolve: (host) => (host === 'inner.example' ? Promise.resolve(['10.0.0.7', '8.8.8.8']) : Promise.reject(new Error('ENOTFOUND'))),
    });
    expect(
      await failureOf(guard, { endpoint: 'https://inner.example', endpoints: ['https://nowhere.example', 'https://9.9.9.9'] }),
    ).toBeUndefined();
  });

  test('a caller who goes away ends the look', async () => {
    const guard = new ConnectionGuard({ resolve: () => new Promise(() => undefined) });
    const controller = new AbortController();
    const looking = guard.checkAddresses(
      selfManagedProvider,
      { endpoint: 'https://slow.example', endpoints: ['https://slower.example'] },
      { signal: controller.signal },
    );
    controller.abort(new SandboxError('CANCELLED', 'Gone.'));
    await expect(looking).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
