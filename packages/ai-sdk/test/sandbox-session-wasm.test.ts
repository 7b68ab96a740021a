import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { generateText, stepCountIs, tool } from 'ai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createSandboxSession, type SandboxSession } from '../src/index.ts';
import { scriptedModel, toldTo } from './scripted-model.ts';

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
let session: SandboxSession;

beforeAll(async () => {
  session = await createSandboxSession({ runner: runnerOfProvider(provider) });
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

test('what it lacks is told by name', async () => {
  const lacks = (capability: string) => ({ code: 'CAPABILITY_UNSUPPORTED', details: { capability } });
  await expect(session.spawn({ command: 'ls' })).rejects.toMatchObject(lacks('subprocesses'));
  await expect(session.stat({ path: 'notes' })).rejects.toMatchObject(lacks('executionsPerSandbox'));
  await expect(session.listDirectory({ path: '.' })).rejects.toMatchObject(lacks('executionsPerSandbox'));
  await expect(session.deleteFile({ path: 'notes/one.txt' })).rejects.toMatchObject(lacks('executionsPerSandbox'));
  expect(session.description).toContain('without a shell');
});
