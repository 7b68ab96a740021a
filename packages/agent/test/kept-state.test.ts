import { SandboxError } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCodeTool, type CodeTool, type CodeToolOptions } from '../src/index.ts';
import { KeptWorld } from './kept-world.ts';
import { completedWith, endedAs } from './sample-result.ts';

const LOST = /former calls had left \(variables, files\) (was|is) gone/;

let world: KeptWorld;
let warnings: unknown[];

function makeTool(options: Partial<CodeToolOptions> = {}): CodeTool {
  return createCodeTool({ runner: world, state: 'variables', onWarning: (error) => warnings.push(error), ...options });
}

beforeEach(() => {
  world = new KeptWorld();
  warnings = [];
});

afterEach(() => {
  vi.useRealTimers();
});

const python = (code: string) => ({ language: 'python', code });

describe('what is kept', () => {
  test('is made by the first call and used by the next, for each language its own', async () => {
    const tool = makeTool();
    expect(world.places).toHaveLength(0);
    await tool.run(python('a = 1'));
    const { model } = await tool.run(python('a'));
    await tool.run({ language: 'javascript', code: 'b' });
    expect(world.places.map(({ options, executed }) => [options.language, executed])).toEqual([
      ['python', ['a = 1', 'a']],
      ['javascript', ['b']],
    ]);
    expect(model).toEqual({ status: 'completed', value: 'a' });
    await tool.close();
    expect(world.places.every(({ isDestroyed }) => isDestroyed)).toBe(true);
  });

  test('has the limits, the tenant and the idle time of the tool', async () => {
    const tool = makeTool({ limits: { memoryBytes: 2 ** 28, timeoutMs: 5000 }, tenant: 'acme', idleTimeoutMs: 90_000 });
    await tool.run(python('1'));
    expect(world.places[0]?.options).toMatchObject({ tenant: 'acme', idleTimeoutMs: 90_000, limits: { memoryBytes: 2 ** 28 } });
    await tool.close();
  });

  test('is ended after its idle time, and the model is told with the next call', async () => {
    vi.useFakeTimers();
    const tool = makeTool({ idleTimeoutMs: 60_000 });
    await tool.run(python('1'));
    await vi.advanceTimersByTimeAsync(59_000);
    await tool.run(python('2'));
    await vi.advanceTimersByTimeAsync(59_000);
    expect(world.places[0]?.isDestroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(world.places[0]?.isDestroyed).toBe(true);
    const { model } = await tool.run(python('3'));
    expect(model).toMatchObject({ status: 'completed', notes: [expect.stringMatching(LOST)] });
    expect((await tool.run(python('4'))).model.notes).toBeUndefined();
    await tool.close();
  });

  test('cannot be asked of a provider that does not keep it', () => {
    const runner = new KeptWorld({ executionsPerSandbox: 'one' });
    expect(() => makeTool({ runner, state: 'files' })).toThrow('state: cannot be "files"');
    expect(() => makeTool({ runner: new KeptWorld({ contexts: false }) })).toThrow('state: cannot be "variables"');
  });
});

describe('a death', () => {
  test.each(['variables', 'files'] as const)('by a time limit is noticed before the next program (%s)', async (state) => {
    const tool = makeTool({ state });
    world.programs = (code, place) => {
      place.isAlive = code !== 'endless';
      return code === 'endless' ? endedAs('timed-out') : completedWith(code);
    };
    await tool.run(python('1'));
    expect((await tool.run(python('endless'))).model.status).toBe('timed-out');
    const { model } = await tool.run(python('2'));
    expect(model).toMatchObject({ status: 'completed', value: '2', notes: [expect.stringMatching(LOST)] });
    expect(world.places.map(({ executed }) => executed)).toEqual([['1', 'endless'], ['2']]);
    await tool.close();
  });

  test('that did not come with a time limit costs nothing', async () => {
    const tool = makeTool();
    world.programs = (code) => (code === 'slow' ? endedAs('timed-out') : completedWith(code));
    await tool.run(python('slow'));
    const { model } = await tool.run(python('2'));
    expect(model).toEqual({ status: 'completed', value: '2' });
    expect(world.places.map(({ executed }) => executed)).toEqual([['slow', '', '2']]);
    await tool.close();
  });

  test('that nobody noticed is told, the program is not run again, and the next one begins anew', async () => {
    const tool = makeTool();
    await tool.run(python('1'));
    for (const place of world.places) place.isAlive = false;
    const { model, error } = await tool.run(python('2'));
    expect(model).toMatchObject({ status: 'unavailable', code: 'CONTEXT_CLOSED', notes: [expect.anything(), expect.stringMatching(LOST)] });
    expect(error?.code).toBe('CONTEXT_CLOSED');
    expect((await tool.run(python('3'))).model).toMatchObject({ status: 'completed', value: '3' });
    expect(world.places.map(({ executed }) => executed)).toEqual([['1'], ['3']]);
    await tool.close();
  });

  test('is no obstacle when the dead cannot be cleared away', async () => {
    const tool = makeTool();
    await tool.run(python('1'));
    for (const place of world.places) place.isAlive = false;
    world.failures = { destroy: new SandboxError('PROVIDER_UNAVAILABLE', 'away') };
    expect((await tool.run(python('2'))).model.code).toBe('CONTEXT_CLOSED');
    expect((await tool.run(python('3'))).model.value).toBe('3');
    expect(warnings).toEqual([world.failures.destroy]);
    await expect(tool.close()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  });
});

describe('making it', () => {
  test('leaves no sandbox behind when there can be no context in it', async () => {
    const tool = makeTool();
    world.failures = { createContext: new SandboxError('CAPACITY_EXHAUSTED', 'eight are too many', { retryAfterMs: 500 }) };
    const { model } = await tool.run(python('1'));
    expect(model).toMatchObject({ status: 'unavailable', code: 'CAPACITY_EXHAUSTED' });
    expect(model.notes?.join(' ')).toContain('Wait 500 ms first.');
    expect(world.places[0]?.isDestroyed).toBe(true);
    world.failures = {};
    expect((await tool.run(python('2'))).model).toEqual({ status: 'completed', value: '2' });
    await tool.close();
  });

  test('happens once for calls that come together, and they run in turn', async () => {
    const tool = makeTool();
    let running = 0;
    world.programs = async (code) => {
      running += 1;
      await Promise.resolve();
      expect(running).toBe(1);
      running -= 1;
      return completedWith(code);
    };
    const outcomes = await Promise.all(['1', '2', '3'].map((code) => tool.run(python(code))));
    expect(outcomes.map(({ model }) => model.value)).toEqual(['1', '2', '3']);
    expect(world.places.map(({ executed }) => executed)).toEqual([['1', '2', '3']]);
    await tool.close();
  });

  test('ends with the tool, also when it is closed meanwhile', async () => {
    const tool = makeTool();
    let go: (() => void) | undefined;
    world.beforeCreate = () =>
      new Promise((resolve) => {
        go = resolve;
      });
    const call = tool.run(python('1'));
    await vi.waitFor(() => expect(go).toBeDefined());
    const closing = tool.close();
    go?.();
    await closing;
    expect((await call).error?.code).toBe('SANDBOX_CLOSED');
    expect(world.places.map(({ executed, isDestroyed }) => [executed, isDestroyed])).toEqual([[[], true]]);
  });
});

describe('withdrawal and end', () => {
  test('a call that waits for its turn is withdrawn without being run', async () => {
    const tool = makeTool();
    const controller = new AbortController();
    let finish: (() => void) | undefined;
    world.programs = (code) =>
      code === 'long'
        ? new Promise((resolve) => {
            finish = () => resolve(completedWith(code));
          })
        : completedWith(code);
    const long = tool.run(python('long'));
    await vi.waitFor(() => expect(finish).toBeDefined());
    const waiting = tool.run(python('waiting'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', cause: new Error('enough') });
    finish?.();
    expect((await long).model.value).toBe('long');
    expect((await tool.run(python('next'))).model.value).toBe('next');
    expect(world.places[0]?.executed).toEqual(['long', 'next']);
    await tool.close();
  });

  test('closing ends the call that runs, twice does nothing more, and later calls are refused', async () => {
    const tool = makeTool();
    let settle: ((error: SandboxError) => void) | undefined;
    world.programs = () =>
      new Promise((_resolve, reject) => {
        settle = reject;
      });
    const call = tool.run(python('endless'));
    await vi.waitFor(() => expect(settle).toBeDefined());
    const closing = tool.close();
    await vi.waitFor(() => expect(world.places[0]?.isDestroyed).toBe(true));
    settle?.(new SandboxError('SANDBOX_CLOSED', 'destroyed'));
    await closing;
    await tool.close();
    expect((await call).model).toMatchObject({ status: 'unavailable', code: 'SANDBOX_CLOSED' });
    const { model } = await tool.run(python('1'));
    expect(model.code).toBe('SANDBOX_CLOSED');
    expect(model.notes?.join(' ')).not.toMatch(LOST);
    expect(world.places).toHaveLength(1);
  });
});
