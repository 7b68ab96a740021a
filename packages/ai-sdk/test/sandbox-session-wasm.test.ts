import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { generateText, stepCountIs, tool } from 'ai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createHarnessSandbox, createSandboxSession, type SandboxSession } from '../src/index.ts';
import { scriptedModel, toldTo } from './scripted-model.ts';
import { HOSTILE_CALLS } from './session-cases.ts';

// What the framework does with a sandbox: its functions hand it to the tools.
const tools = {
  write: tool({
    inputSchema: z.object({ path: z.string(), content: z.string() }),
    execute: async ({ path, content }, { experimental_sandbox: sandbox }) => {
      await sandbox?.writeTextFile({ path, content });
      return 'written';
    },
  }),
  read: tool({
    inputSchema: z.object({ path: z.string() }),
    execute: async ({ path }, { experimental_sandbox: sandbox }) => (await sandbox?.readTextFile({ path })) ?? 'not there',
  }),
  run: tool({
    inputSchema: z.object({ command: z.string() }),
    execute: async ({ command }, { experimental_sandbox: sandbox }) => (await sandbox?.run({ command }))?.stdout ?? '',
  }),
};

const provider = createProvider(wasmProvider, {});
const runner = runnerOfProvider(provider);
let session: SandboxSession;

beforeAll(async () => {
  session = await createSandboxSession({ runner });
});

afterAll(async () => {
  await session.stop();
  await provider.close();
});

test("tools of the framework have the embedded provider's files, and are told that it runs no commands", async () => {
  const model = scriptedModel([
    { tool: 'write', call: JSON.stringify({ path: 'notes/one.txt', content: 'kept' }) },
    { tool: 'read', call: JSON.stringify({ path: 'notes/one.txt' }) },
    { tool: 'read', call: JSON.stringify({ path: 'two.txt' }) },
    { tool: 'read', call: JSON.stringify({ path: '/etc/passwd' }) },
    { tool: 'run', call: JSON.stringify({ command: 'ls' }) },
    { say: 'Done.' },
  ]);
  const { text } = await generateText({ model, tools, prompt: 'Go', experimental_sandbox: session.restricted(), stopWhen: stepCountIs(9) });
  expect(text).toBe('Done.');
  expect(toldTo(model)).toMatchObject([
    { type: 'text', value: 'written' },
    { type: 'text', value: 'kept' },
    { type: 'text', value: 'not there' },
    { type: 'error-text', value: expect.stringContaining('path: must be relative to the work folder') as unknown },
    {
      type: 'error-text',
      value: expect.stringContaining('command: this provider runs no commands, since its programs start no other programs') as unknown,
    },
  ]);
});

test.each(HOSTILE_CALLS)('a wrong "%s" is refused before anything is done', async (field, call) => {
  await expect(call(session)).rejects.toMatchObject({ code: 'REQUEST_INVALID', details: { field } });
});

test('what it lacks is told by name', async () => {
  const lacks = (capability: string) => ({ code: 'CAPABILITY_UNSUPPORTED', details: { capability } });
  await expect(session.spawn({ command: 'ls' })).rejects.toMatchObject(lacks('subprocesses'));
  await expect(session.stat({ path: 'notes' })).rejects.toMatchObject(lacks('executionsPerSandbox'));
  await expect(session.listDirectory({ path: '.' })).rejects.toMatchObject(lacks('executionsPerSandbox'));
  await expect(session.deleteFile({ path: 'notes/one.txt' })).rejects.toMatchObject(lacks('executionsPerSandbox'));
  expect(session.description).toContain('without a shell');
});

test('a provider that runs no commands is no place for a harness, and says so before anything is made', () => {
  expect(() => createHarnessSandbox({ runner: runner })).toThrow(
    expect.objectContaining({ code: 'CAPABILITY_UNSUPPORTED', details: { field: 'command', capability: 'subprocesses' } }),
  );
});

test.each<[string, object]>([
  ['runner', { runner: {} }],
  ['limits.timeoutMs', { limits: { timeoutMs: 0 } }],
  ['limits.speed', { limits: { speed: 1 } }],
  ['language', { language: 'bash' }],
  ['idleTimeoutMs', { idleTimeoutMs: 1 }],
  ['tenant', { tenant: '' }],
  ['colour', { colour: 'red' }],
])('a session cannot be made with a wrong "%s"', (field, wrong) => {
  expect(() => createSandboxSession({ runner, ...wrong })).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  expect(() => createSandboxSession({ runner, ...wrong })).toThrow(field);
});
