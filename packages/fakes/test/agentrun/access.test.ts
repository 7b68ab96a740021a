import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeAgentRun, type FakeAgentRun } from '../../src/index.ts';
import { AgentRunUser } from './agent-run-user.ts';
import { send, type Reply } from './signed-request.ts';

let fake: FakeAgentRun;
let owner: AgentRunUser;
let nowMs = Date.now();

beforeAll(async () => {
  fake = await startFakeAgentRun({ now: () => nowMs, apiKeys: { team: 'secret-key' } });
  owner = new AgentRunUser(fake);
  await owner.open('box', { sandboxIdleTimeoutInSeconds: 21_600 });
  await owner.createTemplate('keyed', { credentialConfiguration: { credentialName: 'team' } });
  await owner.createTemplate('open', { allowAnonymousManage: true });
});

beforeEach(() => {
  nowMs = Date.now();
});

afterAll(() => fake.close());

const call = (method: string, target: string, headers: Record<string, string>, body: unknown = ''): Promise<Reply> =>
  send(fake, {
    method,
    target,
    headers: { host: fake.host, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('permissions', () => {
  test('that a key lacks are named by the control plane', async () => {
    const user = new AgentRunUser(fake, fake.addKey({ deniedActions: ['agentrun:CreateSandbox'] }));
    const { status, json } = await user.createSandbox({ templateName: 'template' });
    expect([status, json.Code, json.AccessDeniedDetail.AuthAction]).toEqual([403, 'Forbidden.RAM', 'agentrun:CreateSandbox']);
    expect((await user.control('ListSandboxes', 'GET', '/sandboxes')).status).toBe(200);
    expect((await user.data('GET', '/sandboxes/box/health')).status).toBe(200);
  });

  test('for the data plane are one', async () => {
    const user = new AgentRunUser(fake, fake.addKey({ deniedActions: ['agentrun:InvokeSandbox'] }));
    const { status, json } = await user.data('GET', '/sandboxes/box/health');
    expect([status, json.code]).toEqual([403, 'ERR_FORBIDDEN']);
    expect(json.message).toContain('agentrun:InvokeSandbox');
    expect(fake.requests.at(-1)).toMatchObject({ authenticated: true, status: 403, errorCode: 'ERR_FORBIDDEN' });
  });

  test('need the role of the service where something is created', async () => {
    fake.hasServiceLinkedRole = false;
    const { status, json } = await owner.createTemplate('roleless');
    expect([status, json.Code]).toEqual([404, 'EntityNotExist.Role']);
    expect((await owner.createSandbox({ templateName: 'template' })).json.Code).toBe('EntityNotExist.Role');
    fake.hasServiceLinkedRole = true;
    expect((await owner.createTemplate('roleless')).status).toBe(200);
  });

  test('end with the account', async () => {
    const stranger = new AgentRunUser(fake, fake.addKey({ accountId: '1999999999999999' }));
    expect((await stranger.control('GetSandbox', 'GET', '/sandboxes/box')).status).toBe(404);
    expect((await stranger.control('ListSandboxes', 'GET', '/sandboxes')).json.data['items']).toEqual([]);
    expect((await stranger.data('GET', '/sandboxes/box/health')).status).toBe(403);
  });
});

describe('temporary keys', () => {
  test('work with their token, on both planes, until it ends', async () => {
    const user = new AgentRunUser(fake, fake.addKey({ securityToken: 'token', securityTokenExpiresAtMs: nowMs + 1_000 }));
    expect((await user.control('GetSandbox', 'GET', '/sandboxes/box')).status).toBe(200);
    expect((await user.data('GET', '/sandboxes/box/health')).status).toBe(200);
    nowMs += 1_000;
    expect((await user.control('GetSandbox', 'GET', '/sandboxes/box')).json.Code).toBe('InvalidSecurityToken.Expired');
    expect((await user.data('GET', '/sandboxes/box/health')).json).toMatchObject({
      code: 'ERR_FORBIDDEN',
      message: 'The security token has expired',
    });
  });

  test('do not work with another token or without one', async () => {
    const key = fake.addKey({ securityToken: 'token' });
    const { securityToken: _none, ...withoutToken } = key;
    const wrong = new AgentRunUser(fake, { ...key, securityToken: 'other' });
    expect((await wrong.control('GetSandbox', 'GET', '/sandboxes/box')).json.Code).toBe('InvalidSecurityToken.MismatchWithAccessKey');
    expect((await wrong.data('GET', '/sandboxes/box')).status).toBe(403);
    const without = new AgentRunUser(fake, withoutToken);
    expect((await without.control('GetSandbox', 'GET', '/sandboxes/box')).json.Code).toBe('MissingSecurityToken');
    expect((await without.data('GET', '/sandboxes/box')).status).toBe(403);
  });
});

describe('access tokens', () => {
  const tokenFor = async (query: string): Promise<string> => {
    const { json } = await owner.control('GetAccessToken', 'GET', `/agents/accessToken?${query}`);
    return String(json.data.accessToken);
  };

  test('open what they are for, and nothing else', async () => {
    const sandboxToken = await tokenFor('resourceId=box&resourceType=sandbox');
    expect((await call('GET', '/sandboxes/box/health', { 'agentrun-access-token': sandboxToken })).status).toBe(200);
    expect(fake.requests.at(-1)).toMatchObject({ authentication: 'access-token', authenticated: true });
    const body = { templateName: 'template', sandboxId: 'by-token' };
    expect((await call('POST', '/sandboxes', { 'agentrun-access-token': sandboxToken }, body)).status).toBe(403);
    const templateToken = await tokenFor('resourceName=template&resourceType=template');
    expect((await call('POST', '/sandboxes', { 'agentrun-access-token': templateToken }, body)).status).toBe(200);
    expect((await call('GET', '/sandboxes/by-token', { 'agentrun-access-token': templateToken })).status).toBe(403);
    await owner.data('DELETE', '/sandboxes/by-token');
  });

  test('that are empty, made up or old open nothing', async () => {
    const token = await tokenFor('resourceId=box&resourceType=sandbox');
    nowMs += 3_600_000;
    for (const value of ['', 'made-up', token])
      expect((await call('GET', '/sandboxes/box/health', { 'agentrun-access-token': value })).status).toBe(401);
  });

  test('are for what there is', async () => {
    const answer = await owner.control('GetAccessToken', 'GET', '/agents/accessToken?resourceId=none&resourceType=sandbox');
    expect(answer.status).toBe(404);
    expect((await owner.control('GetAccessToken', 'GET', '/agents/accessToken?resourceType=sandbox')).status).toBe(400);
  });
});

describe('API keys and anonymous callers', () => {
  const parent = (): Record<string, string> => ({ 'x-acs-parent-id': fake.account.accountId });

  test('an API key opens sandboxes of templates that it is bound to', async () => {
    const headers = { ...parent(), 'x-api-key': 'secret-key' };
    expect((await call('POST', '/sandboxes', headers, { templateName: 'keyed', sandboxId: 'k' })).status).toBe(200);
    expect((await call('GET', '/sandboxes/k/health', headers)).status).toBe(200);
    expect((await call('GET', '/sandboxes/box/health', headers)).status).toBe(403);
    expect((await call('GET', '/sandboxes/k/health', { ...headers, 'x-api-key': 'secret-kez' })).status).toBe(401);
    expect((await call('GET', '/sandboxes/k/health', { ...headers, 'x-acs-parent-id': '1' })).status).toBe(403);
    expect((await call('GET', '/sandboxes/k/health', parent())).status).toBe(401);
    await owner.data('DELETE', '/sandboxes/k');
  });

  test('nobody in particular uses sandboxes of open templates, and manages them where the template says so', async () => {
    expect((await call('GET', '/sandboxes/box/health', parent())).status).toBe(200);
    expect(fake.requests.at(-1)).toMatchObject({ authentication: 'anonymous', authenticated: false });
    const refused = await call('DELETE', '/sandboxes/box', parent());
    expect([refused.status, refused.json.message]).toEqual([403, 'template does not allow anonymous manage via data plane']);
    expect((await call('POST', '/sandboxes', parent(), { templateName: 'open', sandboxId: 'o' })).status).toBe(200);
    expect((await call('DELETE', '/sandboxes/o', parent())).status).toBe(200);
  });
});

test('records hold no secret', async () => {
  const token = (await owner.control('GetAccessToken', 'GET', '/agents/accessToken?resourceId=box&resourceType=sandbox')).json.data
    .accessToken;
  await call('GET', `/sandboxes/box/health?tenantId=1&Authorization=${token}`, { 'agentrun-access-token': token });
  const text = JSON.stringify(fake.requests);
  expect(text).toContain('tenantId=1&Authorization=…');
  for (const secret of [fake.account.accessKeySecret, token, 'secret-key']) expect(text).not.toContain(secret);
});
