import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { runnerOfProvider } from '@sandport/agent';
import { createProvider, SandboxError } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { createDeepAgent } from 'deepagents';
import { describe, expect, test } from 'vitest';
import { createSandboxBackend, type SandboxBackendOptions } from '../src/deepagents/index.ts';
import { resultWith, ScriptedSandboxes } from './scripted-sandboxes.ts';
import { containing, matching } from './text-matchers.ts';

const ended = (exitCode: number, more: object = {}) => ({ exitCode, tail: '', omittedBytes: 0, leftRunning: false, ...more });

describe('at the door', () => {
  test('the embedded provider, which has no shell, is refused', async () => {
    await using provider = createProvider(wasmProvider, {});
    await expect(createSandboxBackend({ runner: runnerOfProvider(provider) })).rejects.toMatchObject({
      code: 'CAPABILITY_UNSUPPORTED',
      message: containing('no shell'),
      details: { field: 'runner' },
    });
  });

  test.each([
    [{ executionsPerSandbox: 'one' as const }, 'CAPABILITY_UNSUPPORTED'],
    [{ files: false }, 'CAPABILITY_UNSUPPORTED'],
    [{ languages: ['javascript' as const] }, 'LANGUAGE_UNSUPPORTED'],
  ])('a provider with %j is refused', async (capabilities, code) => {
    const runner = new ScriptedSandboxes(capabilities);
    await expect(createSandboxBackend({ runner })).rejects.toMatchObject({ code });
    expect(runner.made).toEqual([]);
  });

  test.each<[string, Partial<SandboxBackendOptions>]>([
    ['outputBytes', { outputBytes: 10 }],
    ['fileBytes', { fileBytes: 2 ** 30 }],
    ['idleTimeoutMs', { idleTimeoutMs: 1 }],
    ['limits.timeoutMs', { limits: { timeoutMs: 3_600_000 } }],
    ['limits.outputBytes', { limits: { outputBytes: 7 } as never }],
    ['onFailure', { onFailure: 7 as never }],
    ['tenant', { tenant: '' }],
  ])('the option %s is refused when it is wrong', async (field, options) => {
    const runner = new ScriptedSandboxes();
    await expect(createSandboxBackend({ runner, ...options })).rejects.toMatchObject({ code: 'REQUEST_INVALID', details: { field } });
    expect(runner.made).toEqual([]);
  });

  test('a sandbox that does not say where it is, is ended', async () => {
    const runner = new ScriptedSandboxes();
    runner.workFolder = 7;
    await expect(createSandboxBackend({ runner })).rejects.toMatchObject({ code: 'RESPONSE_INVALID' });
    expect([runner.made.length, runner.alive]).toEqual([1, 0]);
  });

  test('a caller who goes away while it is made leaves none behind', async () => {
    const runner = new ScriptedSandboxes();
    const controller = new AbortController();
    runner.beforeCreate = async () => controller.abort();
    await expect(createSandboxBackend({ runner }, { signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(runner.alive).toBe(0);
  });
});

describe('a command', () => {
  test.each([
    ['completed', resultWith(ended(3), { stdout: 'out\n' }), { output: 'out\n', exitCode: 3, truncated: false }],
    [
      'cut',
      resultWith(ended(0, { tail: 'end', omittedBytes: 12 }), { stdout: 'begin' }),
      { output: 'begin\n[… 12 bytes are left out here …]\nend', exitCode: 0, truncated: true },
    ],
    [
      'timed-out',
      resultWith(null, { status: 'timed-out', stdout: 'begun' }),
      { output: matching(/^begun\n\[It was ended after 30000 ms/), exitCode: null, truncated: false },
    ],
    [
      'out-of-memory',
      resultWith(null, { status: 'out-of-memory' }),
      { output: containing('ran out of memory'), exitCode: null, truncated: false },
    ],
    ['killed', resultWith(null, { status: 'killed' }), { output: containing('from outside'), exitCode: null, truncated: false }],
  ])('that %s is told so', async (_name, result, response) => {
    const runner = new ScriptedSandboxes();
    await using backend = await createSandboxBackend({ runner });
    runner.answer = () => result;
    expect(await backend.execute('make')).toEqual(response);
    expect(runner.requests[0]).toMatchObject({ language: 'python', arguments: { command: 'make', limit: 65_536 } });
    // What a model writes is data and never becomes source.
    expect(runner.requests[0]?.code).not.toContain('make');
  });

  test.each([
    ['', 'is empty'],
    [7, 'is no text'],
    ['a\0b', 'has a NUL'],
    ['x'.repeat(100_001), 'more than 100000'],
  ])('that is wrong is refused by the name of its field, and not run', async (command, problem) => {
    const runner = new ScriptedSandboxes();
    await using backend = await createSandboxBackend({ runner });
    expect(await backend.execute(command as string)).toMatchObject({
      exitCode: null,
      output: matching(`^command: .*${problem}.*Nothing was run`),
    });
    expect(runner.requests).toEqual([]);
  });

  test('whose end the sandbox tells in another shape is no success', async () => {
    const runner = new ScriptedSandboxes();
    const failures: string[] = [];
    await using backend = await createSandboxBackend({ runner, onFailure: ({ code }) => failures.push(code) });
    runner.answer = () => resultWith({ exitCode: '0' });
    expect(await backend.execute('ls')).toMatchObject({ exitCode: null, output: matching(/^RESPONSE_INVALID: /) });
    expect(failures).toEqual(['RESPONSE_INVALID']);
  });
});

describe('files', () => {
  test.each([
    ['read', (backend: Backend) => backend.read('a.txt'), 'file_path: must be absolute'],
    ['write', (backend: Backend) => backend.write('/a\0', ''), 'file_path: has a NUL'],
    ['write', (backend: Backend) => backend.write('/a.txt', '\ud800'), 'content: is no text'],
    ['write', (backend: Backend) => backend.write('/a.png', 'no base64!'), 'content: must be base64'],
    ['edit', (backend: Backend) => backend.edit('/a.txt', 'x'.repeat(500_001), ''), 'old_string: has more'],
    ['ls', (backend: Backend) => backend.ls(`/${'x'.repeat(5000)}`), 'path: is longer'],
    ['grep', (backend: Backend) => backend.grep('a\nb', '/'), 'pattern: has a line break'],
    ['grep', (backend: Backend) => backend.grep('a', '/', ''), 'glob: is empty'],
    ['glob', (backend: Backend) => backend.glob('x'.repeat(1001)), 'pattern: has more'],
    ['delete', (backend: Backend) => backend.delete('../a'), 'file_path: must be absolute'],
  ])('%s refuses what is wrong by the name of its field, and does nothing', async (_name, act, problem) => {
    const runner = new ScriptedSandboxes();
    await using backend = await createSandboxBackend({ runner });
    expect((await act(backend)).error).toContain(problem);
    expect(runner.requests).toEqual([]);
  });

  test('that the developer moves have codes, and what has none is thrown', async () => {
    const runner = new ScriptedSandboxes();
    await using backend = await createSandboxBackend({ runner });
    runner.answer = ({ arguments: given }) =>
      resultWith(
        given?.['path'] === '/there'
          ? { done: { base64: 'AAE=', changedMs: 0, modifiedMs: 0 } }
          : { refusal: { kind: 'is_directory', message: 'is a folder' } },
      );
    expect(await backend.downloadFiles(['/there', '/folder', 'there'])).toEqual([
      { path: '/there', content: new Uint8Array([0, 1]), error: null },
      { path: '/folder', content: null, error: 'is_directory' },
      { path: 'there', content: null, error: 'invalid_path' },
    ]);
    runner.answer = () => resultWith({ refusal: { kind: 'refused', message: 'No space left on device' } });
    await expect(backend.uploadFiles([['/a', new Uint8Array(1)]])).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: containing('No space left'),
    });
  });
});

type Backend = Awaited<ReturnType<typeof createSandboxBackend>>;

describe('a failure of Sandport', () => {
  test('is told by its code alone, and the developer has the error', async () => {
    const runner = new ScriptedSandboxes();
    const failures: SandboxError[] = [];
    await using backend = await createSandboxBackend({ runner, onFailure: (error) => failures.push(error) });
    runner.answer = () => {
      throw new SandboxError('PROVIDER_UNAVAILABLE', 'secret-host-17 does not answer.');
    };
    const told = [
      await backend.execute('ls'),
      await backend.ls('/'),
      await backend.write('/workspace/a', ''),
      await backend.edit('/workspace/a', 'b', 'c'),
    ];
    expect(JSON.stringify(told)).not.toContain('secret-host-17');
    expect(JSON.stringify(told).match(/PROVIDER_UNAVAILABLE: The far side/g)).toHaveLength(4);
    expect(failures.map(({ message }) => message)).toEqual(Array.from({ length: 4 }, () => 'secret-host-17 does not answer.'));
  });

  test('that ends the sandbox is told once, nothing is run twice, and the next call has an empty one', async () => {
    const runner = new ScriptedSandboxes();
    await using backend = await createSandboxBackend({ runner });
    const { id } = backend;
    runner.answer = () => {
      throw new SandboxError('SANDBOX_CLOSED', 'It has ended.');
    };
    expect(await backend.execute('ls')).toMatchObject({ exitCode: null, output: containing('its files are gone') });
    expect(runner.requests).toHaveLength(1);
    runner.answer = () => resultWith(ended(0), { stdout: 'new\n' });
    runner.workFolder = '/home/user';
    expect(await backend.execute('ls')).toEqual({ output: 'new\n', exitCode: 0, truncated: false });
    expect([runner.made.length, runner.alive, backend.id, backend.workFolder]).toEqual([2, 1, id, '/home/user']);
  });
});

describe('the end', () => {
  test('takes the sandbox along, and later calls are refused', async () => {
    const runner = new ScriptedSandboxes();
    const backend = await createSandboxBackend({ runner });
    await backend.close();
    await backend.close();
    expect(runner.alive).toBe(0);
    await expect(backend.execute('ls')).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    await expect(backend.read('/a')).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
  });

  test('gives up a sandbox that is being made in place of another', async () => {
    const runner = new ScriptedSandboxes();
    const backend = await createSandboxBackend({ runner });
    runner.answer = () => {
      throw new SandboxError('SANDBOX_CLOSED', 'It has ended.');
    };
    await backend.execute('ls');
    const asked = new Promise<void>((resolve) => {
      runner.beforeCreate = ({ signal }) => {
        resolve();
        return new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new SandboxError('CANCELLED', 'It was withdrawn.')));
        });
      };
    });
    const waiting = expect(backend.execute('ls')).rejects.toMatchObject({ code: 'CANCELLED' });
    await asked;
    await backend.close();
    await waiting;
    expect([runner.made.length, runner.alive]).toEqual([1, 0]);
  });
});

test('a deep agent that is withdrawn withdraws its command', async () => {
  const runner = new ScriptedSandboxes();
  await using backend = await createSandboxBackend({ runner });
  const controller = new AbortController();
  const withdrawn: unknown[] = [];
  runner.answer = (_request, { signal }) => {
    const settled = new Promise<ReturnType<typeof resultWith>>((resolve) => {
      signal?.addEventListener('abort', () => {
        withdrawn.push(signal.aborted);
        resolve(resultWith(null, { status: 'cancelled' }));
      });
    });
    controller.abort();
    return settled;
  };
  const model = fakeModel()
    .respondWithTools([{ name: 'execute', args: { command: 'sleep 100' }, id: '1' }])
    .respond(new AIMessage('never'));
  const running = createDeepAgent({ model, backend }).invoke({ messages: [new HumanMessage('Sleep.')] }, { signal: controller.signal });
  await expect(running).rejects.toThrow(/abort/i);
  expect(withdrawn).toEqual([true]);
});

test('a deep agent is told what its command did, and goes on', async () => {
  const runner = new ScriptedSandboxes();
  await using backend = await createSandboxBackend({ runner });
  runner.answer = ({ arguments: given }) =>
    given?.['command'] === 'make' ? resultWith(ended(2), { stdout: 'no rule\n' }) : resultWith({ done: {} });
  const model = fakeModel()
    .respondWithTools([{ name: 'execute', args: { command: 'make' }, id: '1' }])
    .respondWithTools([{ name: 'write_file', args: { file_path: '/workspace/Makefile', content: 'all:\n' }, id: '2' }])
    .respond(new AIMessage('written'));
  const { messages } = await createDeepAgent({ model, backend }).invoke({ messages: [new HumanMessage('Make it.')] });
  expect(messages.filter((message) => ToolMessage.isInstance(message)).map(({ text }) => text)).toEqual([
    'no rule\n\n[Command failed with exit code 2]',
    "Successfully wrote to '/workspace/Makefile'",
  ]);
  expect(Object.values(runner.requests[1]?.files ?? {})).toEqual([Buffer.from('all:\n')]);
});
