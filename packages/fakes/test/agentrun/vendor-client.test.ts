import { createRequire } from 'node:module';
import { Config, OpenApiRequest, Params } from '@alicloud/openapi-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeAgentRun, type FakeAccessKey, type FakeAgentRun } from '../../src/index.ts';
import { templateInput } from './agent-run-user.ts';

interface VendorClient {
  callApi(params: Params, request: OpenApiRequest, runtime: RuntimeOptions): Promise<unknown>;
}

// The class is the default export of a CommonJS module, which each loader shows in another place; `require` shows it in one.
const { default: Client } = createRequire(import.meta.url)('@alicloud/openapi-client') as {
  default: new (config: Config) => VendorClient;
};

let fake: FakeAgentRun;

beforeAll(async () => {
  fake = await startFakeAgentRun();
});

afterAll(() => fake.close());

interface VendorReply {
  readonly statusCode: number;
  readonly body: { readonly code: string; readonly data: Record<string, unknown> };
}

interface VendorCall {
  readonly method: string;
  readonly pathname: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
}

async function callVendor(key: FakeAccessKey, action: string, { method, pathname, query = {}, body }: VendorCall): Promise<VendorReply> {
  const client = new Client(
    new Config({
      accessKeyId: key.accessKeyId,
      accessKeySecret: key.accessKeySecret,
      ...(key.securityToken === undefined ? {} : { securityToken: key.securityToken }),
      endpoint: fake.host,
      protocol: 'http',
      regionId: fake.region,
    }),
  );
  const params = new Params({
    action,
    version: '2025-09-10',
    protocol: 'HTTPS',
    pathname: `/2025-09-10${pathname}`,
    method,
    authType: 'AK',
    style: 'ROA',
    reqBodyType: 'json',
    bodyType: 'json',
  });
  const request = new OpenApiRequest({ query, headers: {}, ...(body === undefined ? {} : { body }) });
  return (await client.callApi(params, request, new RuntimeOptions({ readTimeout: 20_000, connectTimeout: 20_000 }))) as VendorReply;
}

/** What the vendor's client throws, as far as it says anything. */
async function failureOf(reply: Promise<VendorReply>): Promise<{ code: unknown; statusCode: unknown }> {
  const error = await reply.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { code, statusCode } = error as { code: unknown; statusCode: unknown };
  return { code, statusCode };
}

describe("the vendor's own client", () => {
  test('manages templates and sandboxes', async () => {
    const { account } = fake;
    const created = await callVendor(account, 'CreateTemplate', { method: 'POST', pathname: '/templates', body: templateInput('vendor') });
    expect(created).toMatchObject({ statusCode: 200, body: { code: 'SUCCESS', data: { templateName: 'vendor', status: 'READY' } } });
    const query = { pageNumber: '1', pageSize: '10', templateName: "ven*'()!~ d" };
    const listed = await callVendor(account, 'ListTemplates', { method: 'GET', pathname: '/templates', query });
    expect(listed.body.data).toMatchObject({ items: [], total: 0 });
    const changed = await callVendor(account, 'UpdateTemplate', {
      method: 'PUT',
      pathname: '/templates/vendor',
      body: { description: 'näive ☃' },
    });
    expect(changed.body.data).toMatchObject({ description: 'näive ☃', templateVersion: '2' });
    const body = { templateName: 'vendor', sandboxId: 'of-vendor', sandboxIdleTimeoutInSeconds: 60 };
    const sandbox = await callVendor(account, 'CreateSandbox', { method: 'POST', pathname: '/sandboxes', body });
    expect(sandbox.body.data).toMatchObject({ sandboxId: 'of-vendor', status: 'READY' });
    const stopped = await callVendor(account, 'StopSandbox', { method: 'POST', pathname: '/sandboxes/of-vendor/stop' });
    expect(stopped.body.data).toMatchObject({ status: 'TERMINATED' });
    const deleted = await callVendor(account, 'DeleteSandbox', { method: 'DELETE', pathname: '/sandboxes/of-vendor' });
    expect(deleted.body.data).toMatchObject({ status: 'TERMINATED' });
    await callVendor(account, 'DeleteTemplate', { method: 'DELETE', pathname: '/templates/vendor' });
    expect(await failureOf(callVendor(account, 'GetTemplate', { method: 'GET', pathname: '/templates/vendor' }))).toEqual({
      code: 'ERR_NOT_FOUND',
      statusCode: 404,
    });
    expect(fake.requests.every(({ authentication }) => authentication === 'acs3')).toBe(true);
  });

  test('works with a temporary key', async () => {
    const key = fake.addKey({ securityToken: 'a/token+of=some==kind' });
    const { body } = await callVendor(key, 'ListSandboxes', { method: 'GET', pathname: '/sandboxes' });
    expect(body).toMatchObject({ code: 'SUCCESS', data: { items: [], nextToken: '' } });
  });

  test('understands the refusals of the gateway', async () => {
    const list = (key: FakeAccessKey): ReturnType<typeof failureOf> =>
      failureOf(callVendor(key, 'ListTemplates', { method: 'GET', pathname: '/templates' }));
    expect(await list({ ...fake.account, accessKeySecret: 'wrong' })).toEqual({ code: 'SignatureDoesNotMatch', statusCode: 400 });
    expect(await list({ ...fake.account, accessKeyId: 'LTAI5tNobody' })).toEqual({ code: 'InvalidAccessKeyId.NotFound', statusCode: 404 });
    expect(await list(fake.addKey({ deniedActions: ['agentrun:ListTemplates'] }))).toEqual({ code: 'Forbidden.RAM', statusCode: 403 });
  });
});
