import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect, test } from 'vitest';
import { createCodeServer } from '../src/index.ts';
import { KeptRunner } from './kept-runner.ts';
import { callTool, textOf, toldBy } from './told.ts';

async function connected(runner: KeptRunner) {
  const session = createCodeServer({ tool: { runner, state: 'files' } });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([session.server.connect(far), client.connect(near)]);
  return { session, client };
}

test('state stays between the calls of a session, is reset when the model asks, and ends with the session', async () => {
  const runner = new KeptRunner();
  const { session, client } = await connected(runner);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('reset_state');
  const run = async () => toldBy(await callTool(client, 'run_code', { code: '1' }));
  expect(await run()).toMatchObject({ value: '1' });
  expect(await run()).toMatchObject({ value: '2' });
  expect(textOf(await callTool(client, 'reset_state', {}))).toBe('Done: the next call begins anew.');
  expect(runner.destroyed).toBe(1);
  // It was asked for: nothing is lost that the model does not know of.
  expect(await run()).toEqual({ status: 'completed', value: '1' });
  await session.close();
  await session.close();
  expect([runner.made, runner.destroyed]).toEqual([2, 2]);
});

test('two sessions share nothing', async () => {
  const runner = new KeptRunner();
  const first = await connected(runner);
  const second = await connected(runner);
  await callTool(first.client, 'run_code', { code: '1' });
  expect(toldBy(await callTool(second.client, 'run_code', { code: '1' }))).toMatchObject({ value: '1' });
  await first.session.close();
  expect(toldBy(await callTool(second.client, 'run_code', { code: '1' }))).toMatchObject({ value: '2' });
  await second.session.close();
});

test('a host that cannot be told is no secret told to the model', async () => {
  const session = createCodeServer({
    tool: { runner: new KeptRunner(), state: 'files' },
    onOutcome: () => {
      throw new Error('disk of db.internal is full');
    },
  });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([session.server.connect(far), client.connect(near)]);
  await expect(callTool(client, 'run_code', { code: '1' })).rejects.toThrow(/^(?!.*db\.internal)/);
  await session.close();
});

test.each([
  ['artifactCount', { artifactCount: 0 }],
  ['readCharacters', { readCharacters: 1.5 }],
  ['tool.name', { tool: { runner: new KeptRunner(), name: 'read_artifact' } }],
  ['state', { tool: { runner: new KeptRunner(), state: 'variables' as const } }],
])('the option "%s" is refused when it is wrong', (field, wrong) => {
  expect(() => createCodeServer({ tool: { runner: new KeptRunner() }, ...wrong })).toThrow(
    expect.objectContaining({ code: 'REQUEST_INVALID', details: { field } }),
  );
});
