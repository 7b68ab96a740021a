import { createProvider, LANGUAGES, type Language } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalText, createCodeTool, KEPT_STATES, languageExample, runnerOfProvider, type CodeTool } from '../src/index.ts';

const provider = createProvider(dockerProvider, {});
const runner = runnerOfProvider(provider);

afterAll(() => provider.close());

const examples = LANGUAGES.flatMap((language) => KEPT_STATES.map((state) => ({ language, state })));

test.each(examples)(
  'the example of $language runs where $state stays, and gives what the description says',
  async ({ language, state }) => {
    await using tool = createCodeTool({ runner, state });
    const example = languageExample(language, provider.capabilities, state);
    expect(tool.description).toContain(example.code.trimEnd());
    const { model, result } = await tool.run({ code: example.code, language, arguments: example.arguments });
    expect(model).toMatchObject({
      status: 'completed',
      value: canonicalText(example.value),
      artifacts: [{ name: example.artifact, mediaType: 'text/plain', sizeBytes: 4 }],
    });
    expect(Buffer.from(result?.artifacts.files[0]?.content ?? []).toString()).toBe('9\n16');
  },
);

describe('state', () => {
  async function valueOf(tool: CodeTool, language: Language, code: string) {
    return (await tool.run({ language, code })).model;
  }

  test('stays between calls, and its loss is told', async () => {
    await using tool = createCodeTool({ runner, state: 'variables', limits: { timeoutMs: 5000 } });
    await valueOf(tool, 'python', 'numbers = [40, 2]');
    await valueOf(tool, 'javascript', 'var word = "kept"');
    expect(await valueOf(tool, 'python', 'sum(numbers)')).toMatchObject({ status: 'completed', value: '42' });
    expect(await valueOf(tool, 'javascript', 'word')).toMatchObject({ status: 'completed', value: 'kept' });
    expect((await valueOf(tool, 'python', 'import os\nos._exit(3)')).status).toBe('failed');
    const after = await valueOf(tool, 'python', '"numbers" in globals()');
    expect(after).toMatchObject({ status: 'completed', value: 'false', notes: [expect.stringContaining('was gone before')] });
  });

  test('survives an interrupted cell without a word', async () => {
    await using tool = createCodeTool({ runner, state: 'variables', limits: { timeoutMs: 1000 } });
    await valueOf(tool, 'python', 'kept = 7');
    expect((await valueOf(tool, 'python', 'while True: pass')).status).toBe('timed-out');
    expect(await valueOf(tool, 'python', 'kept')).toEqual({ status: 'completed', value: '7' });
  });
});

test.each([
  ['python', 'import urllib.request\nurllib.request.urlopen("http://example.com/", timeout=5)\n'],
  ['python', 'import socket\nsocket.create_connection(("192.0.2.1", 80), timeout=5)\n'],
  ['javascript', 'async function main() { return (await fetch("http://example.com/")).status; }'],
])('a program in %s that looks for a network is told that there is none', async (language, code) => {
  const { model } = await createCodeTool({ runner }).run({ language, code });
  expect(model.status).toBe('failed');
  expect(model.notes?.join(' '), JSON.stringify(model)).toContain('Network access is denied');
});
