import { SandboxError } from '@sandport/core';
import { startFakeE2b, type E2bFault, type E2bFaultRule } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { Gateway } from './gateway.ts';
import { leftIn, ONE_RUN, runOnce, withProvider } from './our-run.ts';
import { connectionTo, failureOf } from './vendor-call.ts';
import { sdkOf } from './vendor-sdk.ts';

const last = sdkOf('2.50.0');
const newest = sdkOf('2.51.0');

const onCreate = (fault: E2bFault): E2bFaultRule => ({ match: { operation: 'CreateSandbox' }, times: 1, fault });

describe.concurrent('an answer to the creation whose version of the daemon is no good', () => {
  test.each(['missing', 'garbage'] as const)('the SDK throws at one that is %s, and leaves the sandbox', async (value) => {
    await using fake = await startFakeE2b();
    fake.faults.add(onCreate({ kind: 'bad-envd-version', value }));
    expect(await failureOf(newest.Sandbox.create('base', connectionTo(fake)))).not.toMatchObject({
      sandboxId: expect.anything() as unknown,
    });
    expect(fake.sandboxes()).toHaveLength(1);
  });

  test('the SDK ends one whose daemon it takes for too old', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add(onCreate({ kind: 'bad-envd-version', value: 'too-old' }));
    expect(await failureOf(newest.Sandbox.create('base', connectionTo(fake)))).toMatchObject({ name: 'TemplateError' });
    expect(fake.requests.map(({ operation }) => operation)).toEqual(['CreateSandbox', 'KillSandbox']);
  });

  test.each(['missing', 'garbage', 'too-old'] as const)('ours uses one that is %s', async (value) => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { making: [onCreate({ kind: 'bad-envd-version', value })] })).toEqual(ONE_RUN);
    expect(fake.requests.filter(({ operation }) => operation === 'CreateSandbox')).toHaveLength(1);
  });
});

describe.concurrent('an answer to the creation without the token that is demanded', () => {
  test('the SDK gives a sandbox in which no call works', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add(onCreate({ kind: 'missing-token' }));
    const sandbox = await newest.Sandbox.create('base', connectionTo(fake));
    expect(await failureOf(sandbox.commands.run('true'))).toMatchObject({ name: 'AuthenticationError' });
    expect(fake.sandboxes()).toHaveLength(1);
  });

  test.each(['commands', 'code-interpreter'] as const)('ours says so at the creation, by way of %s, and leaves none', async (way) => {
    await using fake = await startFakeE2b();
    await withProvider(fake, { config: { way } }, async (provider) => {
      fake.faults.add({ match: { operation: 'CreateSandbox' }, fault: { kind: 'missing-token' } });
      const error = await failureOf(provider.createSandbox({ language: 'python' }));
      expect(SandboxError.isInstance(error) && [error.code, error.details?.['reason']]).toEqual(['AUTHENTICATION_FAILED', 'key-refused']);
    });
    expect(leftIn(fake)).toEqual([]);
  });
});

describe.concurrent('sandboxes that ask nobody for a token', () => {
  test('the SDK makes one in the first dialect when it is told to; the newest ignores that', async () => {
    await using fake = await startFakeE2b();
    const open: object = { ...connectionTo(fake), secure: false };
    await last.Sandbox.create('base', open);
    await newest.Sandbox.create('base', open);
    expect(fake.sandboxes().map(({ isSecured }) => isSecured)).toEqual([false, true]);
  });

  test('ours asks for secured ones, and refuses others where programs have a network', async () => {
    await using fake = await startFakeE2b();
    await withProvider(fake, { config: { dialect: 'v1' } }, async (provider) => {
      await using _ = await provider.createSandbox({ language: 'python' });
      expect(fake.sandboxes()).toMatchObject([{ dialect: 'v1', isSecured: true }]);
    });
    const open = withProvider(fake, { config: { secure: false, programNetwork: 'sandbox' } }, () => Promise.resolve());
    expect(await failureOf(open)).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe.concurrent('the user of commands, whose default depends on the version of the daemon', () => {
  test.each([
    ['0.3.0', `Basic ${btoa('user:')}`],
    ['0.5.7', undefined],
  ])('the SDK at %s names %s', async (envdVersion, authorization) => {
    await using fake = await startFakeE2b({ envdVersion });
    await using gateway = await Gateway.open(fake.url);
    const sandbox = await newest.Sandbox.create('base', connectionTo({ url: gateway.url, apiKey: fake.apiKey }));
    await sandbox.commands.run('true');
    expect(gateway.to('/Start')[0]?.headers['authorization']).toBe(authorization);
  });

  test.each(['0.3.0', '0.5.7'])('ours at %s names the configured one', async (envdVersion) => {
    await using fake = await startFakeE2b({ envdVersion });
    const config = process.getuid?.() === 0 ? {} : { user: 'user' };
    expect(await runOnce(fake, { config })).toEqual(ONE_RUN);
    expect(fake.executions).toMatchObject([{ kind: 'command', user: config.user ?? 'root' }]);
  });
});
