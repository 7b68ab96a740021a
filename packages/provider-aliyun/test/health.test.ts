import type { HealthReport } from '@sandport/core';
import { startFakeAgentRun, type FakeAccessKey, type FakeAgentRun } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { createAliyunProvider } from '../src/index.ts';
import { configOf } from './fake-account.ts';

/** As vitest's own, whose type is `any`. */
const containing = (text: string): unknown => expect.stringContaining(text);

async function lookAt(fake: FakeAgentRun, changes: object = {}, key?: FakeAccessKey): Promise<HealthReport> {
  await using provider = createAliyunProvider(configOf(fake, changes, key));
  return await provider.checkHealth();
}

/** The first check that is not good. */
async function findingOf(report: Promise<HealthReport>): Promise<{ name?: string; message?: string; remedy?: string }> {
  const { checks, status } = await report;
  const finding = checks.find((check) => check.status !== 'ok');
  expect(status).toBe(finding === undefined ? 'healthy' : 'unhealthy');
  return finding ?? {};
}

describe.concurrent('checkHealth', { timeout: 60_000 }, () => {
  test('runs both languages and says what it measured', async () => {
    await using fake = await startFakeAgentRun();
    const report = await lookAt(fake);
    expect(report.status).toBe('healthy');
    expect(report.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'settings',
        'control-plane',
        'template',
        'data-plane',
        'run.python',
        'run.javascript',
        'isolation',
        'left-behind',
      ]),
    );
    expect(report.isolation).toMatchObject({ kind: 'remote', measuredBy: 'the word of the service' });
    expect(report.isolation?.hardening).toContain('no-new-privileges');
    expect(fake.sandboxes()).toEqual([]);
  });

  test('says that nothing is configured, and where it was looked for', async () => {
    await using fake = await startFakeAgentRun();
    const key = { accessKeyId: undefined, accessKeySecret: undefined };
    expect(await findingOf(lookAt(fake, key))).toMatchObject({
      name: 'settings',
      message: containing('AGENTRUN_ACCESS_KEY_ID'),
    });
    expect(await findingOf(lookAt(fake, { accountId: undefined, dataEndpoint: undefined }))).toMatchObject({
      name: 'settings',
      remedy: containing('accountId'),
    });
    expect(fake.requests).toEqual([]);
  });

  test('tells a wrong key from a wrong secret', async () => {
    await using fake = await startFakeAgentRun();
    expect(await findingOf(lookAt(fake, { accessKeyId: 'LTAIunknown' }))).toMatchObject({
      name: 'control-plane',
      message: 'Alibaba Cloud does not know this access key.',
      remedy: containing('accessKeyId'),
    });
    expect(await findingOf(lookAt(fake, { accessKeySecret: 'not-it' }))).toMatchObject({
      name: 'control-plane',
      message: containing('the secret does not belong'),
      remedy: containing('accessKeySecret'),
    });
  });

  test('recognises a clock that is off', async () => {
    await using fake = await startFakeAgentRun({ clockOffsetMs: 20 * 60_000 });
    expect(await findingOf(lookAt(fake))).toMatchObject({
      name: 'control-plane',
      message: containing('clock'),
      remedy: containing('NTP'),
    });
  });

  test('names the permission that is missing', async () => {
    await using fake = await startFakeAgentRun();
    for (const [action, name] of [
      ['agentrun:GetTemplate', 'control-plane'],
      ['agentrun:CreateTemplate', 'template'],
      ['agentrun:InvokeSandbox', 'data-plane'],
      ['agentrun:CreateSandbox', 'run.python'],
    ] as const) {
      const key = fake.addKey({ deniedActions: [action] });
      expect(await findingOf(lookAt(fake, { templateName: `for-${name.replace('.', '-')}` }, key))).toMatchObject({
        name,
        message: containing(action),
        remedy: containing(action),
      });
    }
  });

  test('recognises that the service-linked role is missing', async () => {
    await using fake = await startFakeAgentRun({ hasServiceLinkedRole: false });
    expect(await findingOf(lookAt(fake))).toMatchObject({
      name: 'template',
      message: containing('AliyunServiceRoleForAgentRun'),
      remedy: containing('console'),
    });
  });

  test('recognises a wrong account', async () => {
    await using fake = await startFakeAgentRun();
    expect(await findingOf(lookAt(fake, { accountId: '9999999999999999' }))).toMatchObject({
      name: 'data-plane',
      message: `The access key belongs to account ${fake.account.accountId}, not to 9999999999999999.`,
    });
  });

  test('recognises an expired security token', async () => {
    await using fake = await startFakeAgentRun();
    const key = fake.addKey({ securityToken: 'token-of-sts', securityTokenExpiresAtMs: Date.now() - 1000 });
    expect(await findingOf(lookAt(fake, {}, key))).toMatchObject({
      name: 'control-plane',
      message: containing('security token'),
    });
  });

  test('recognises an unknown region, and a service that cannot be reached', async () => {
    await using fake = await startFakeAgentRun();
    const unknown = { region: 'xx-nowhere-1', controlEndpoint: 'agentrun.xx-nowhere-1.invalid' };
    expect(await findingOf(lookAt(fake, unknown))).toMatchObject({ name: 'control-plane', remedy: containing('cn-hangzhou') });
    const closed = await startFakeAgentRun();
    await closed.close();
    expect(await findingOf(lookAt(fake, { controlEndpoint: closed.url }))).toMatchObject({
      name: 'control-plane',
      message: 'AgentRun cannot be reached (ECONNREFUSED).',
    });
  });

  test('recognises that it is asked too often', async () => {
    await using fake = await startFakeAgentRun();
    fake.faults.add({ match: { operation: 'GetTemplate' }, fault: { kind: 'status', status: 429, code: 'Throttling.User' } });
    expect(await findingOf(lookAt(fake))).toMatchObject({ name: 'control-plane', message: 'AgentRun asks for fewer calls.' });
  });

  test('recognises a template of another type, and one that has failed', async () => {
    await using fake = await startFakeAgentRun();
    fake.faults.add({ match: { operation: 'CreateTemplate' }, fault: { kind: 'failed-creation' } });
    expect(await findingOf(lookAt(fake))).toMatchObject({ name: 'template', message: containing('CREATE_FAILED') });
  });

  test('warns of a template that is not as configured', async () => {
    await using fake = await startFakeAgentRun();
    await lookAt(fake);
    const { status, checks } = await lookAt(fake, { cpus: 4 });
    expect(status).toBe('degraded');
    expect(checks.find(({ name }) => name === 'template-size')).toMatchObject({
      status: 'warning',
      message: containing('2 processors'),
    });
  });
});
