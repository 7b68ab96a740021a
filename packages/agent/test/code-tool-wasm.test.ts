import { createProvider, LANGUAGES, type ExecutionRequestInput, type Language } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalText, createCodeTool, languageExample, runnerOfProvider, type CodeRunner } from '../src/index.ts';

const provider = createProvider(wasmProvider, {});
const runner = runnerOfProvider(provider);
const tool = createCodeTool({ runner, files: { 'table.csv': 'a,b\n1,2\n' } });

afterAll(() => provider.close());

describe('the description', () => {
  test.each(LANGUAGES)('has an example of %s that runs and gives what it says', async (language: Language) => {
    const example = languageExample(language, provider.capabilities, 'none');
    expect(tool.description).toContain(example.code.trimEnd());
    const { model, result } = await tool.run({ code: example.code, language, arguments: example.arguments });
    expect(model).toEqual({
      status: 'completed',
      value: canonicalText(example.value),
      artifacts: [{ name: example.artifact, mediaType: 'text/plain', sizeBytes: 4 }],
    });
    expect(tool.description).toContain(`It gives the value ${model.value}, and the file ${example.artifact}.`);
    expect(result).toMatchObject({ status: 'completed', value: example.value });
    expect(Buffer.from(result?.artifacts.files[0]?.content ?? []).toString()).toBe('9\n16');
  });

  test('says what this provider cannot do, and what it can', () => {
    expect(tool.description).toContain('plain ECMAScript');
    expect(tool.description).toContain('no network');
    expect(tool.description).toContain('No subprocesses');
    expect(tool.description).toContain('Each call starts anew');
    expect(tool.description).toContain('table.csv');
    expect(tool.description).toContain('30 s of time');
  });
});

describe('a call', () => {
  test('gives the value apart from what was printed', async () => {
    const { model } = await tool.run({
      language: 'python',
      code: 'def main():\n    print("42")\n    return {"b": 12345678901234567890, "a": None}\n',
    });
    expect(model).toEqual({ status: 'completed', value: '{"a":null,"b":12345678901234567890}', stdout: '42\n' });
  });

  test('lays in the files that were named, and no others', async () => {
    const code =
      'import os\ndef main():\n    return [os.path.exists("table.csv"), open("table.csv").read() if os.path.exists("table.csv") else ""]\n';
    expect((await tool.run({ language: 'python', code, files: ['table.csv'] })).model.value).toBe('[true,"a,b\\n1,2\\n"]');
    expect((await tool.run({ language: 'python', code })).model.value).toBe('[false,""]');
  });

  test('has failed when the program failed after it printed', async () => {
    const { model, result } = await tool.run({ language: 'python', code: 'print("done")\n1 / 0\n' });
    expect(model).toMatchObject({ status: 'failed', stdout: 'done\n', error: 'ZeroDivisionError: division by zero' });
    expect(model.value).toBeUndefined();
    expect(model.notes?.join(' ')).toContain('what it printed before is no result');
    expect(result?.status).toBe('failed');
  });

  test('says why nothing came of a program that says nothing', async () => {
    const { model } = await tool.run({ language: 'python', code: 'x = 1' });
    expect(model.notes?.[0]).toContain('gave no value');
  });

  test.each([
    ['python', 'import urllib.request\nurllib.request.urlopen("http://example.com/")\n'],
    ['python', 'import socket\nsocket.create_connection(("example.com", 80), timeout=2)\n'],
    ['javascript', 'async function main() { return (await fetch("http://example.com/")).status; }'],
  ])('tells a program in %s that looks for a network that there is none', async (language, code) => {
    const { model } = await tool.run({ language, code });
    expect(model.status).toBe('failed');
    expect(model.notes?.join(' '), JSON.stringify(model)).toContain('Network access is denied');
  });

  test('says nothing of a network to a program that failed for another reason', async () => {
    const { model } = await tool.run({ language: 'python', code: '{}["network"]' });
    expect(model.status).toBe('failed');
    expect(model.notes?.join(' ')).not.toContain('Network');
  });

  test('tells of modules that are not there', async () => {
    const { model } = await tool.run({ language: 'python', code: 'import numpy' });
    expect(model.notes?.join(' ')).toContain('none can be installed');
  });

  test('says which limit was met, and what to do', async () => {
    const short = createCodeTool({ runner, languages: ['python'], limits: { timeoutMs: 1500 } });
    const small = createCodeTool({ runner, languages: ['python'], limits: { outputBytes: 10_000, memoryBytes: 2 ** 27 } });
    const endless = await short.run({ code: 'print("begun", flush=True)\nwhile True: pass' });
    expect(endless.model).toMatchObject({ status: 'timed-out', stdout: 'begun\n' });
    expect(endless.model.notes?.[0]).toContain('(limit: 1500 ms)');
    const greedy = await small.run({ code: 'x = []\nwhile True: x.append(bytearray(2**20))' });
    expect(greedy.model.status).toBe('out-of-memory');
    expect(greedy.model.notes?.[0]).toContain('out of memory (limit: ');
    const loud = await small.run({ code: 'while True: print("x" * 100)' });
    expect(loud.model.status).toBe('output-limit-exceeded');
    expect(loud.model.notes?.[0]).toContain('(limit: 10000 bytes of stdout)');
    expect(loud.model.stdout?.length).toBeLessThanOrEqual(8000);
    expect(loud.result?.stdout.length).toBe(10_000);
  });

  test('is withdrawn by its signal: before the start it rejects, afterwards the result says so', async () => {
    await expect(tool.run({ language: 'python', code: '1' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
    const controller = new AbortController();
    const listening = createCodeTool({
      runner: {
        ...runner,
        execute: (request, options) => runner.execute({ ...request, onOutput: () => controller.abort() }, options),
      },
    });
    const { model, result } = await listening.run(
      { language: 'python', code: 'print("begun", flush=True)\nwhile True: pass' },
      { signal: controller.signal },
    );
    expect(model.status).toBe('cancelled');
    expect(result?.status).toBe('cancelled');
  });

  test('stays within its budget, whatever the program does', async () => {
    const code = [
      'import os, sys',
      'os.makedirs("artifacts", exist_ok=True)',
      'for i in range(90): open("artifacts/" + "n" * 150 + str(i), "w").close()',
      'print("o" * 500000); print("e" * 500000, file=sys.stderr)',
      'raise type("T" * 5000, (Exception,), {})("m" * 100000)',
    ].join('\n');
    const bounded = createCodeTool({
      runner,
      answer: { valueCharacters: 500, outputCharacters: 500, errorCharacters: 300, artifactCount: 3 },
    });
    const { model } = await bounded.run({ language: 'python', code });
    expect(model.artifacts).toHaveLength(3);
    expect(model.notes?.join(' ')).toContain('87 more files');
    expect(JSON.stringify(model).length).toBeLessThan(3000);
    const value = await bounded.run({ language: 'python', code: 'def main(): return "v" * 100000' });
    expect(value.model.value?.length).toBeLessThanOrEqual(500);
    expect(value.result).toMatchObject({ value: 'v'.repeat(100_000) });
  });
});

test('limits that nobody wrote are left to the runner, and are no higher than its provider takes', async () => {
  const requests: ExecutionRequestInput[] = [];
  const recording: CodeRunner = {
    ...runner,
    execute: (request, call) => {
      requests.push(request);
      return runner.execute(request, call);
    },
  };
  await createCodeTool({ runner: recording, limits: { timeoutMs: 20_000 } }).run({ language: 'python', code: '1' });
  await createCodeTool({ runner: recording }).run({ language: 'python', code: '1' });
  expect(requests.map(({ limits, tenant }) => [limits, tenant])).toEqual([
    [{ timeoutMs: 20_000 }, undefined],
    [{}, undefined],
  ]);
  await using hasty = createProvider(wasmProvider, { maxTimeoutMs: 9000 });
  const tool9 = createCodeTool({ runner: runnerOfProvider(hasty) });
  expect(tool9.description).toContain('9 s of time');
  expect((await tool9.run({ language: 'python', code: 'def main(): return 1' })).model).toEqual({ status: 'completed', value: '1' });
});
