import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeAgentRun, type FakeAgentRun } from '../../src/index.ts';
import { anyText, textLike } from '../matchers.ts';
import { draftControl, draftData, send, type Draft, type SigningOptions } from './signed-request.ts';

const startMs = Date.parse('2026-03-06T12:00:00Z');
const windowMs = 15 * 60_000;

let fake: FakeAgentRun;

beforeAll(async () => {
  fake = await startFakeAgentRun({ now: () => startMs });
});

afterAll(() => fake.close());

const control = (options: SigningOptions = {}): Draft =>
  draftControl(fake, fake.account, 'GetTemplate', 'GET', "/templates/none?b=2&a=1%20(x)'*", undefined, { timeMs: startMs, ...options });
const controlWithBody = (): Draft =>
  draftControl(fake, fake.account, 'CreateTemplate', 'POST', '/templates', { templateName: 'a' }, { timeMs: startMs });
const data = (options: SigningOptions = {}): Draft =>
  draftData(fake, fake.account, 'GET', '/sandboxes/none/filesystem?path=%2Fhome&depth=1', undefined, { timeMs: startMs, ...options });

/** The same with one character changed. */
const alter = (text: string, index: number): string =>
  text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ 1) + text.slice(index + 1);

/** Sends, and says whether the signature was believed, and what was answered. */
async function judge(draft: Draft): Promise<{ believed: boolean | undefined; status: number; code: unknown }> {
  const { status, json } = await send(fake, draft);
  return { believed: fake.requests.at(-1)?.authenticated, status, code: json.code ?? json.Code };
}

describe('signatures of the control plane', () => {
  test('are believed as they should be', async () => {
    expect(await judge(control())).toEqual({ believed: true, status: 404, code: 'ERR_NOT_FOUND' });
    expect(await judge(controlWithBody())).toEqual({ believed: true, status: 400, code: 'ERR_VALIDATION_FAILED' });
  });

  test.each(['host', 'x-acs-version', 'x-acs-action', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256', 'content-type'])(
    'do not hold when one character of %s is another',
    async (name) => {
      const draft = controlWithBody();
      const value = draft.headers[name] ?? '';
      draft.headers[name] = name === 'x-acs-date' ? value.replace('00Z', '01Z') : alter(value, value.length - 1);
      expect(await judge(draft)).toMatchObject({ believed: false, code: 'SignatureDoesNotMatch' });
    },
  );

  test('do not hold for another method, path, query, body or signature', async () => {
    const method = control();
    method.method = 'DELETE';
    const path = control();
    path.target = path.target.replace('none', 'nonf');
    const query = control();
    query.target = query.target.replace('b=2', 'b=3');
    const longer = control();
    longer.target += '&c=';
    const body = controlWithBody();
    body.body = alter(body.body.toString(), 18);
    const signature = control();
    signature.headers['authorization'] = alter(
      signature.headers['authorization'] ?? '',
      (signature.headers['authorization'] ?? '').length - 1,
    );
    for (const draft of [method, path, query, longer, body, signature])
      expect(await judge(draft)).toEqual({
        believed: false,
        status: 400,
        code: textLike(/SignatureDoesNotMatch|IncompleteSignature/),
      });
  });

  test('hold for a query that is encoded otherwise', async () => {
    const draft = control();
    draft.target = draft.target.replace("(x)'*", '%28x%29%27%2A').replace('%20', '+');
    expect(await judge(draft)).toMatchObject({ believed: true });
  });

  test('tell what the server signed', async () => {
    const draft = control();
    draft.target = draft.target.replace('b=2', 'b=3');
    const { json } = await send(fake, draft);
    expect(json).toMatchObject({ Code: 'SignatureDoesNotMatch', HostId: anyText, RequestId: anyText });
    expect(json.Message).toMatch(/server string to sign is:ACS3-HMAC-SHA256\n[0-9a-f]{64}$/);
  });

  test.each([
    [windowMs, true],
    [-windowMs, true],
    [windowMs + 1_000, false],
    [-windowMs - 1_000, false],
  ])('made %i ms from now are believed: %s', async (offsetMs, believed) => {
    const verdict = await judge(control({ timeMs: startMs + offsetMs }));
    expect(verdict.believed).toBe(believed);
    if (!believed) expect(verdict).toMatchObject({ status: 400, code: 'InvalidTimeStamp.Expired' });
  });

  test('hold once', async () => {
    const draft = control();
    expect(await judge(draft)).toMatchObject({ believed: true });
    expect(await judge(draft)).toEqual({ believed: false, status: 400, code: 'SignatureNonceUsed' });
  });

  test('must cover everything of the vendor', async () => {
    const draft = control();
    draft.headers['x-acs-parent-id'] = '1';
    expect(await judge(draft)).toEqual({ believed: false, status: 400, code: 'SignatureDoesNotMatch' });
    expect(await judge(control({ extraHeaders: { 'x-acs-parent-id': '1' } }))).toMatchObject({ believed: true });
  });

  test.each([
    ['another version', { 'x-acs-version': '2025-09-11' }, 404, 'InvalidVersion'],
    ['another action', { 'x-acs-action': 'ListTemplates' }, 404, 'InvalidAction.NotFound'],
    ['a date of another form', { 'x-acs-date': '20260306T120000Z' }, 400, 'InvalidTimeStamp.Format'],
    ['an empty nonce', { 'x-acs-signature-nonce': '' }, 400, 'SignatureNonceUsed'],
    ['a token of nobody', { 'x-acs-security-token': 'x' }, 400, 'InvalidSecurityToken.MismatchWithAccessKey'],
  ])('do not help %s', async (_title, extraHeaders, status, code) => {
    expect(await judge(control({ extraHeaders }))).toEqual({ believed: false, status, code });
  });

  test('are needed, of a key that is known', async () => {
    const none = control();
    delete none.headers['authorization'];
    expect(await judge(none)).toEqual({ believed: false, status: 400, code: 'IncompleteSignature' });
    const key = { ...fake.account, accessKeyId: 'LTAI5tNobody' };
    const unknown = draftControl(fake, key, 'ListTemplates', 'GET', '/templates', undefined, { timeMs: startMs });
    expect(await judge(unknown)).toEqual({ believed: false, status: 404, code: 'InvalidAccessKeyId.NotFound' });
    const removed = fake.addKey();
    fake.removeKey(removed.accessKeyId);
    const draft = draftControl(fake, removed, 'ListTemplates', 'GET', '/templates', undefined, { timeMs: startMs });
    expect(await judge(draft)).toMatchObject({ believed: false, code: 'InvalidAccessKeyId.NotFound' });
  });
});

describe('signatures of the data plane', () => {
  test('are believed as they should be', async () => {
    expect(await judge(data())).toEqual({ believed: true, status: 404, code: 'NOT_FOUND' });
  });

  test.each(['host', 'x-acs-date', 'x-acs-content-sha256', 'agentrun-authorization'])(
    'do not hold when one character of %s is another',
    async (name) => {
      const draft = data();
      const value = draft.headers[name] ?? '';
      draft.headers[name] = name === 'x-acs-date' ? value.replace('00Z', '01Z') : alter(value, value.length - 1);
      expect(await judge(draft)).toEqual({ believed: false, status: 403, code: 'ERR_FORBIDDEN' });
    },
  );

  test('do not hold for another method, path or query', async () => {
    const method = data();
    method.method = 'PUT';
    const path = data();
    path.target = path.target.replace('none', 'nonf');
    const query = data();
    query.target = query.target.replace('depth=1', 'depth=2');
    for (const draft of [method, path, query]) expect(await judge(draft)).toEqual({ believed: false, status: 403, code: 'ERR_FORBIDDEN' });
  });

  test('say nothing about the body and about headers of others', async () => {
    const draft = data();
    draft.headers['content-type'] = 'text/plain';
    draft.body = 'anything';
    expect(await judge(draft)).toMatchObject({ believed: true });
  });

  test.each([
    [windowMs, true],
    [-windowMs, true],
    [windowMs + 1_000, false],
    [-windowMs - 1_000, false],
  ])('made %i ms from now are believed: %s', async (offsetMs, believed) => {
    const verdict = await judge(data({ timeMs: startMs + offsetMs }));
    expect(verdict.believed).toBe(believed);
    if (!believed) expect(verdict).toMatchObject({ status: 403, code: 'ERR_FORBIDDEN' });
  });

  test.each([
    ['another region', { region: 'cn-shanghai' }],
    ['another product', { product: 'fc' }],
    ['a header of the vendor that they do not cover', { extraHeaders: { 'x-acs-parent-id': '1' } }],
    ['a hash of the body', { extraHeaders: { 'x-acs-content-sha256': '0'.repeat(64) } }],
    ['a token of nobody', { extraHeaders: { 'x-acs-security-token': 'x' } }],
  ])('do not help %s', async (_title, options: SigningOptions) => {
    expect(await judge(data(options))).toEqual({ believed: false, status: 403, code: 'ERR_FORBIDDEN' });
  });

  test('are bound to the day', async () => {
    const draft = data();
    draft.headers['agentrun-authorization'] = (draft.headers['agentrun-authorization'] ?? '').replace('/20260306/', '/20260305/');
    expect(await judge(draft)).toMatchObject({ believed: false });
  });

  test('of an unknown key, and none at all, are refused', async () => {
    const key = { ...fake.account, accessKeyId: 'LTAI5tNobody' };
    expect(await judge(draftData(fake, key, 'GET', '/sandboxes/none', undefined, { timeMs: startMs }))).toMatchObject({
      believed: false,
      status: 403,
    });
    const none = data();
    delete none.headers['agentrun-authorization'];
    expect(await judge(none)).toEqual({ believed: false, status: 401, code: 'ERR_UNAUTHORIZED' });
  });

  test('hold on the vendor’s host of the account, in the form for signatures', async () => {
    const name = (prefix: string): string => `${prefix}.agentrun-data.cn-hangzhou.aliyuncs.com`;
    const judgeOn = (host: string): ReturnType<typeof judge> =>
      judge(draftData({ ...fake, host, region: fake.region }, fake.account, 'GET', '/sandboxes/none', undefined, { timeMs: startMs }));
    const { accountId } = fake.account;
    const { host } = fake;
    const sendTo = async (prefix: string): Promise<boolean | undefined> => {
      const draft = draftData({ ...fake, host: name(prefix), region: fake.region }, fake.account, 'GET', '/sandboxes/none', undefined, {
        timeMs: startMs,
      });
      return (await judge(draft)).believed;
    };
    expect(await sendTo(`${accountId}-ram`)).toBe(true);
    expect(await sendTo(accountId)).toBe(false);
    expect(await sendTo('1234567890123456-ram')).toBe(false);
    expect((await judgeOn(host)).believed).toBe(true);
  });
});

describe('a clock that is off', () => {
  test('refuses on both planes what is in time', async () => {
    fake.clockOffsetMs = windowMs + 1_000;
    expect(await judge(control())).toMatchObject({ code: 'InvalidTimeStamp.Expired' });
    expect(await judge(data())).toMatchObject({ code: 'ERR_FORBIDDEN' });
    fake.clockOffsetMs = 0;
    fake.faults.add({ match: { plane: 'control' }, times: 1, fault: { kind: 'clock-offset', offsetMs: -windowMs - 1_000 } });
    expect(await judge(control())).toMatchObject({ code: 'InvalidTimeStamp.Expired' });
    expect(await judge(control())).toMatchObject({ believed: true });
  });
});
