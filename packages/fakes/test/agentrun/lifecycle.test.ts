import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startFakeAgentRun, type FakeAgentRun } from '../../src/index.ts';
import { AgentRunUser, templateInput } from './agent-run-user.ts';
import { anyText } from '../matchers.ts';

let nowMs: number;
let fake: FakeAgentRun;
let user: AgentRunUser;

// The signer's clock is the machine's: the fake's own is moved for lifetimes, and the judging one is moved back.
const pass = (ms: number): void => {
  nowMs += ms;
  fake.clockOffsetMs -= ms;
};

const limits = { maxTemplates: 4, maxSandboxes: 3 };

beforeEach(async () => {
  nowMs = Date.now();
  fake = await startFakeAgentRun({ now: () => nowMs, fileSystem: 'mapped', templateDeletionMs: 1_000, limits });
  user = new AgentRunUser(fake);
});

afterEach(() => fake.close());

const statusOf = async (sandboxId: string): Promise<unknown> => {
  const { json } = await user.control('GetSandbox', 'GET', `/sandboxes/${sandboxId}`);
  return json.data?.status ?? json.code;
};

describe('templates', () => {
  test('are created, read, changed and deleted', async () => {
    const created = await user.createTemplate('one', { description: 'd', environmentVariables: { A: '1' } });
    expect(created.json).toMatchObject({ code: 'SUCCESS', requestId: anyText, data: { templateName: 'one', status: 'READY' } });
    const changed = await user.control('UpdateTemplate', 'PUT', '/templates/one', { cpu: 4 });
    expect(changed.json.data).toMatchObject({ cpu: 4, memory: 4_096, description: 'd', sandboxTTLInSeconds: '21600' });
    expect((await user.control('UpdateTemplate', 'PUT', '/templates/one', { templateName: 'x' })).status).toBe(400);
    await user.control('DeleteTemplate', 'DELETE', '/templates/one');
    expect((await user.control('GetTemplate', 'GET', '/templates/one')).json.data.status).toBe('DELETING');
    pass(1_000);
    expect((await user.control('GetTemplate', 'GET', '/templates/one')).status).toBe(404);
    expect((await user.control('DeleteTemplate', 'DELETE', '/templates/one')).status).toBe(404);
  });

  test.each([
    ['no cpu', { cpu: undefined }],
    ['no network', { networkConfiguration: undefined }],
    ['a disk of another size', { diskSize: 1_024 }],
    ['another type', { templateType: 'Sandbox' }],
    ['a bad name', { templateName: 'a b' }],
    ['null', { cpu: null }],
  ])('with %s are refused', async (_title, changes) => {
    const { status, json } = await user.control('CreateTemplate', 'POST', '/templates', { ...templateInput('a'), ...changes });
    expect([status, json.code]).toEqual([400, 'ERR_VALIDATION_FAILED']);
  });

  test('exist once, and only so many', async () => {
    for (const name of ['a', 'b', 'c', 'd']) expect((await user.createTemplate(name)).status).toBe(200);
    expect((await user.createTemplate('a')).status).toBe(409);
    expect((await user.createTemplate('e')).status).toBe(429);
  });

  test('come in pages, and by name, type and status', async () => {
    for (const name of ['a', 'b', 'c']) await user.createTemplate(name, { templateType: name === 'c' ? 'Browser' : 'CodeInterpreter' });
    const list = async (query: string): Promise<unknown> => {
      const { json } = await user.control('ListTemplates', 'GET', `/templates${query}`);
      const { items, total } = json.data as unknown as { items: { templateName: string }[]; total: number };
      return [items.map(({ templateName }) => templateName).join(''), total];
    };
    expect(await list('')).toEqual(['abc', 3]);
    expect(await list('?pageNumber=2&pageSize=2')).toEqual(['c', 3]);
    expect(await list('?templateName=b')).toEqual(['b', 1]);
    expect(await list('?templateType=Browser&status=READY')).toEqual(['c', 1]);
    expect(await list('?status=CREATING')).toEqual(['', 0]);
    expect((await user.control('ListTemplates', 'GET', '/templates?pageSize=0')).status).toBe(400);
  });

  test('take their time, and may fail', async () => {
    fake.faults.add({ match: { operation: 'CreateTemplate' }, times: 1, fault: { kind: 'slow-creation', delayMs: 500 } });
    expect((await user.createTemplate('slow')).json.data.status).toBe('CREATING');
    expect((await user.createSandbox({ templateName: 'slow' })).status).toBe(400);
    pass(500);
    expect(fake.templates()).toMatchObject([{ templateName: 'slow', status: 'READY' }]);
    fake.faults.add({ match: { operation: 'CreateTemplate' }, times: 1, fault: { kind: 'failed-creation', reason: 'no image' } });
    expect((await user.createTemplate('failed')).json.data).toMatchObject({ status: 'CREATE_FAILED', statusReason: 'no image' });
  });
});

describe('sandboxes', () => {
  test('are created on either plane, and stopped and deleted on the other', async () => {
    await user.createTemplate('template');
    expect((await user.createSandbox({ templateName: 'template', sandboxId: 'a' })).json.data).toMatchObject({
      sandboxId: 'a',
      status: 'READY',
    });
    const body = { templateName: 'template', sandboxIdleTimeoutSeconds: 7 };
    const { json } = await user.data('POST', '/sandboxes', body);
    expect(json).toMatchObject({ code: 'SUCCESS', data: { status: 'READY', sandboxIdleTimeoutInSeconds: 7 } });
    const id = String(json.data.sandboxId);
    expect(id).toMatch(/^[0-9A-Z]{26}$/);
    expect((await user.control('StopSandbox', 'POST', `/sandboxes/${id}/stop`)).json.data).toMatchObject({
      status: 'TERMINATED',
      endedAt: anyText,
    });
    expect((await user.control('StopSandbox', 'POST', `/sandboxes/${id}/stop`)).status).toBe(200);
    expect((await user.data('GET', `/sandboxes/${id}`)).json.data.status).toBe('TERMINATED');
    expect((await user.data('GET', `/sandboxes/${id}/health`)).status).toBe(404);
    expect((await user.data('DELETE', '/sandboxes/a')).json.data.status).toBe('READY');
    expect(await statusOf('a')).toBe('NOT_FOUND');
    expect((await user.data('DELETE', '/sandboxes/a')).status).toBe(404);
  });

  test('have their own name once, also when they have ended', async () => {
    await user.open('a');
    expect((await user.createSandbox({ templateName: 'template', sandboxId: 'a' })).status).toBe(409);
    await fake.expire('a');
    const refused = await user.data('POST', '/sandboxes', { templateName: 'template', sandboxId: 'a' });
    expect([refused.status, refused.json.message]).toEqual([409, 'sandbox a already exists']);
  });

  test('need a template, a good name and a possible time', async () => {
    await user.createTemplate('template');
    const missing = await user.createSandbox({ templateName: 'none' });
    expect([missing.status, missing.json.message]).toEqual([404, 'template not found: none']);
    expect((await user.createSandbox({ templateName: 'template', sandboxId: 'a/b' })).status).toBe(400);
    expect((await user.createSandbox({ templateName: 'template', sandboxIdleTimeoutInSeconds: 21_601 })).status).toBe(400);
    expect((await user.createSandbox({})).status).toBe(400);
  });

  test('are so many, and listed in pages', async () => {
    await user.createTemplate('template');
    for (const sandboxId of ['a', 'b', 'c']) await user.createSandbox({ templateName: 'template', sandboxId });
    expect((await user.createSandbox({ templateName: 'template' })).status).toBe(429);
    await fake.expire('b');
    const list = async (query: string): Promise<{ ids: string; nextToken: string }> => {
      const { json } = await user.control('ListSandboxes', 'GET', `/sandboxes?${query}`);
      const { items, nextToken } = json.data as unknown as { items: { sandboxId: string }[]; nextToken: string };
      return { ids: items.map(({ sandboxId }) => sandboxId).join(''), nextToken };
    };
    const first = await list('maxResults=2');
    expect(first.ids).toBe('ab');
    await user.control('DeleteSandbox', 'DELETE', '/sandboxes/a');
    expect(await list(`maxResults=2&nextToken=${first.nextToken}`)).toEqual({ ids: 'c', nextToken: '' });
    expect((await list('status=TERMINATED')).ids).toBe('b');
    expect((await list('sandboxId=c&templateName=template&templateType=CodeInterpreter')).ids).toBe('c');
    expect((await list('templateName=other')).ids).toBe('');
  });

  test('end when they are idle, by the clock of the fake, and use puts that off', async () => {
    await user.createTemplate('template');
    await user.createSandbox({ templateName: 'template', sandboxId: 'a', sandboxIdleTimeoutInSeconds: 10 });
    pass(9_999);
    expect((await user.command('true', {}, 'a')).status).toBe(200);
    pass(9_999);
    expect(await statusOf('a')).toBe('READY');
    pass(1);
    expect((await user.command('true', {}, 'a')).json).toMatchObject({ code: 'NOT_FOUND', message: 'sandbox not found' });
    expect(await statusOf('a')).toBe('TERMINATED');
  });

  test('end with their lifetime, however much they are used', async () => {
    await user.open('a', { sandboxTTLInSeconds: 20, sandboxIdleTimeoutInSeconds: 15 });
    pass(12_000);
    await user.command('true', {}, 'a');
    pass(8_000);
    expect(fake.sandboxes()).toMatchObject([{ sandboxId: 'a', status: 'TERMINATED', endedAtMs: nowMs }]);
  });

  test('take their time to be created, and may fail', async () => {
    await user.createTemplate('template');
    fake.faults.add({ match: { operation: 'CreateSandbox' }, times: 1, fault: { kind: 'slow-creation', delayMs: 500 } });
    expect((await user.createSandbox({ templateName: 'template', sandboxId: 'slow' })).json.data.status).toBe('CREATING');
    expect((await user.data('GET', '/sandboxes/slow/health')).json).toEqual({ code: 'STARTING', message: anyText });
    expect((await user.command('true', {}, 'slow')).status).toBe(503);
    pass(500);
    await expect.poll(() => statusOf('slow'), { timeout: 10_000 }).toBe('READY');
    fake.faults.add({ match: { operation: 'CreateSandbox' }, times: 1, fault: { kind: 'failed-creation' } });
    const failed = await user.createSandbox({ templateName: 'template', sandboxId: 'failed' });
    expect(failed.json.data).toMatchObject({ status: 'CREATE_FAILED', statusReason: anyText });
    expect((await user.command('true', {}, 'failed')).status).toBe(404);
  });

  test('are paused and resumed with their programs', async () => {
    await user.open();
    await user.execute({
      language: 'python',
      code: 'import time, threading\ncount = 0\ndef run():\n    global count\n    while True:\n        count += 1\n        time.sleep(0.005)\nthreading.Thread(target=run, daemon=True).start()',
    });
    const pause = await user.control('PauseSandbox', 'PUT', '/sandboxes/box/pause');
    expect(pause.json.data.status).toBe('PAUSED');
    expect((await user.command('true')).status).toBe(409);
    pass(3_600_000);
    expect(await statusOf('box')).toBe('PAUSED');
    expect((await user.control('ResumeSandbox', 'PUT', '/sandboxes/box/resume')).json.data.status).toBe('READY');
    expect((await user.execute({ language: 'python', code: 'count > 0' })).json.results).toContainEqual({ type: 'result', text: 'True' });
    await fake.expire('box');
    expect((await user.control('PauseSandbox', 'PUT', '/sandboxes/box/pause')).status).toBe(400);
  });

  test('have both envelopes on the data plane', async () => {
    await user.open();
    fake.faults.add({ match: { operation: 'GetSandbox' }, times: 1, fault: { kind: 'envelope', shape: 'bare' } });
    expect((await user.data('GET', '/sandboxes/box')).json).toMatchObject({ sandboxId: 'box', status: 'READY' });
    expect((await user.data('GET', '/sandboxes/box')).json).toMatchObject({ code: 'SUCCESS', data: { sandboxId: 'box' } });
  });
});
