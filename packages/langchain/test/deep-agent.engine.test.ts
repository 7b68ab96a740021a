import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { createDeepAgent, isSandboxBackend } from 'deepagents';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSandboxBackend, type SandboxBackend } from '../src/deepagents/index.ts';
import { containing, matching } from './text-matchers.ts';

const provider = createProvider(dockerProvider, {});
let backend: SandboxBackend;

beforeAll(async () => {
  backend = await createSandboxBackend({ runner: runnerOfProvider(provider), limits: { timeoutMs: 20_000 }, outputBytes: 1000 });
});

afterAll(async () => {
  await backend.close();
  await provider.close();
});

describe('a command', () => {
  test('has its own exit code, both streams in order, and the folder that is said', async () => {
    expect(isSandboxBackend(backend)).toBe(true);
    expect(await backend.execute('echo out; echo err >&2; pwd; exit 3')).toEqual({
      output: `out\nerr\n${backend.workFolder}\n`,
      exitCode: 3,
      truncated: false,
    });
    expect(await backend.execute('kill -SEGV $$')).toEqual({ output: '', exitCode: 139, truncated: false });
  });

  test('that writes too much keeps beginning and end, and whole characters', async () => {
    const { output, exitCode, truncated } = await backend.execute('for i in $(seq 1 3000); do echo "é$i"; done');
    expect([exitCode, truncated]).toEqual([0, true]);
    expect(output).toMatch(/^é1\né2\n[^]*\n\[… \d+ bytes are left out here …\]\n[^]*é3000\n$/);
    expect(output).not.toContain('\ufffd');
    expect(Buffer.byteLength(output)).toBeLessThan(1100);
  });

  test('that ends what runs it has no exit code, and the sandbox stays', async () => {
    expect(await backend.execute('kill -9 $PPID; sleep 60')).toMatchObject({
      exitCode: null,
      output: containing('from outside'),
    });
    expect(await backend.execute('echo "{\\"exitCode\\": 0}"; false')).toEqual({
      output: '{"exitCode": 0}\n',
      exitCode: 1,
      truncated: false,
    });
  });

  test('does not wait for what it leaves in the background, and says that it was ended', async () => {
    expect(await backend.execute('sleep 600 & echo begun')).toMatchObject({
      exitCode: 0,
      output: matching(/^begun\n\[What the command left/),
    });
  });
});

describe('files', () => {
  test('are those that commands see, and are told as they are', async () => {
    const file = `${backend.workFolder}/notes/a b.txt`;
    expect(await backend.write(file, 'one\ntwo\nthree\n')).toMatchObject({ path: file });
    expect((await backend.execute(`chmod 750 '${file}'; ln -s '${file}' link; cat link`)).output).toBe('one\ntwo\nthree\n');
    expect(await backend.edit(`${backend.workFolder}/link`, 'two', 'zwei')).toMatchObject({ occurrences: 1 });
    expect((await backend.execute(`stat -c %a '${file}'; test -L link`)).output).toBe('750\n');
    expect(await backend.read(file, 1, 1)).toMatchObject({ content: 'zwei', totalLines: 3, startLine: 2, endLine: 2, nextOffset: 2 });
    expect(await backend.read(file, 2, 10)).toMatchObject({ content: 'three\n', endLine: 3 });
    expect(await backend.edit(file, 'e', 'E')).toMatchObject({ error: containing('old_string: is in the file 4 times') });
    expect(await backend.grep('zwei', backend.workFolder, '*.txt')).toEqual({
      matches: [{ path: file, line: 2, text: 'zwei' }],
      truncated: false,
    });
    expect((await backend.glob('**/*.txt')).files?.map(({ path }) => path)).toEqual([file]);
    expect((await backend.glob(`${backend.workFolder}/*/*.{md,txt}`)).files?.map(({ path }) => path)).toEqual([file]);
    expect((await backend.ls(backend.workFolder)).files?.map(({ path }) => path)).toContain(`${backend.workFolder}/notes/`);
    expect(await backend.delete(`${backend.workFolder}/notes`)).toMatchObject({ path: `${backend.workFolder}/notes` });
    expect(await backend.read(file)).toEqual({ error: `${file}: is not there` });
  });

  test('that are no text stay what they are, whatever their names say', async () => {
    const content = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255]);
    const file = `${backend.workFolder}/picture.txt`;
    expect(
      await backend.uploadFiles([
        [file, content],
        ['/etc/passwd', content],
        [backend.workFolder, content],
      ]),
    ).toEqual([
      { path: file, error: null },
      { path: '/etc/passwd', error: 'permission_denied' },
      { path: backend.workFolder, error: 'is_directory' },
    ]);
    expect(await backend.read(file)).toEqual({ content, mimeType: 'image/png' });
    expect(await backend.downloadFiles([file, '/none'])).toEqual([
      { path: file, content, error: null },
      { path: '/none', content: null, error: 'file_not_found' },
    ]);
    expect(await backend.read('/dev/null')).toEqual({ error: '/dev/null: is not a regular file' });
  });

  test('named like modules do not become ours', async () => {
    await backend.execute('for name in subprocess shutil base64 re stat; do echo "raise SystemExit(0)" > $name.py; done');
    expect(await backend.execute('exit 4')).toMatchObject({ exitCode: 4 });
    expect((await backend.ls(backend.workFolder)).files?.map(({ path }) => path)).toContain(`${backend.workFolder}/re.py`);
  });
});

test('a deep agent writes a program, runs it, mends it, and says what came of it', async () => {
  const file = `${backend.workFolder}/add.py`;
  const model = fakeModel()
    .respondWithTools([{ name: 'write_file', args: { file_path: file, content: 'print(40 + "2")\n' }, id: '1' }])
    .respondWithTools([{ name: 'execute', args: { command: `python3 ${file}` }, id: '2' }])
    .respondWithTools([{ name: 'edit_file', args: { file_path: file, old_string: '"2"', new_string: '2' }, id: '3' }])
    .respondWithTools([{ name: 'execute', args: { command: `python3 ${file}` }, id: '4' }])
    .respondWithTools([{ name: 'read_file', args: { file_path: file }, id: '5' }])
    .respond(new AIMessage('It prints 42.'));
  const agent = createDeepAgent({ model, backend, systemPrompt: `Work in ${backend.workFolder}.` });
  const { messages } = await agent.invoke({ messages: [new HumanMessage('Add.')] });
  const told = messages.filter((message) => ToolMessage.isInstance(message)).map(({ text }) => text);
  expect(told[1]).toMatch(/TypeError[^]*\[Command failed with exit code 1\]/);
  expect(told[3]).toBe('42\n\n[Command succeeded with exit code 0]');
  expect(told[4]).toContain('print(40 + 2)');
  expect(messages.at(-1)?.text).toBe('It prints 42.');
});

test('the deep agent of the README prints what its program printed', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await import(new URL('../../../examples/langchain/deep-agent.mjs', import.meta.url).href);
  vi.restoreAllMocks();
  expect(written.join('')).toMatch(/^It printed 42\n/);
});
