import { createCodeTool, runnerOfProvider, type CodeRunner, type CodeToolOutcome } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import * as newest from 'ai';
import * as oldest from 'ai-7.0.112';
import { afterAll, describe, expect, test } from 'vitest';
import { sandportTool } from '../src/index.ts';
import { scriptedModel, toldTo } from './scripted-model.ts';

const provider = createProvider(wasmProvider, {});
const runner = runnerOfProvider(provider);

afterAll(() => provider.close());

const call = (input: unknown) => ({ call: JSON.stringify(input) });

const PLOT = `def main():
    from pathlib import Path
    Path("artifacts").mkdir(exist_ok=True)
    Path("artifacts/plot.txt").write_bytes(b"\\x89PNG\\r\\n\\x1a\\n" + bytes(100))
    Path("artifacts/fake.png").write_text("no image")
    return "drawn"
`;

/** A runner that tells when a program has begun. */
function watched(): { readonly runner: CodeRunner; readonly hasBegun: Promise<void> } {
  let resolve = (): void => undefined;
  const hasBegun = new Promise<void>((begun) => {
    resolve = begun;
  });
  const execute: CodeRunner['execute'] = (request, options) => runner.execute({ ...request, onOutput: () => resolve() }, options);
  return { hasBegun, runner: { ...runner, execute } };
}

// The range that is declared: both its ends. Their types are one as far as these tests go.
const versions: readonly (readonly [string, typeof newest])[] = [
  ['the newest release', newest],
  ['7.0.112', oldest as unknown as typeof newest],
];

describe.each(versions)('a tool of %s', (_version, { generateText, stepCountIs, streamText }) => {
  test('runs what a model writes over several steps: the model has the compact answer, the developer the whole result', async () => {
    await using code = createCodeTool({ runner });
    const model = scriptedModel([
      call({ language: 'python', code: 'def main(a, b):\n    print("adding")\n    return a + b\n', arguments: { a: 40, b: 2 } }),
      call({ language: 'javascript', code: 'function main() { throw new RangeError("too far"); }' }),
      { say: 'It is 42.' },
    ]);
    const { text, steps } = await generateText({
      model,
      tools: { run_code: sandportTool(code) },
      prompt: 'Add 40 and 2.',
      stopWhen: stepCountIs(5),
    });
    expect(text).toBe('It is 42.');
    expect(toldTo(model)).toEqual([
      { type: 'json', value: { status: 'completed', value: '42', stdout: 'adding\n' } },
      { type: 'error-json', value: expect.objectContaining({ status: 'failed', error: 'RangeError: too far' }) as unknown },
    ]);
    const outcomes = steps.flatMap(({ toolResults }) => toolResults.flatMap((result) => (result.dynamic ? [] : [result.output])));
    expect(outcomes.map(({ result }) => result)).toMatchObject([
      { status: 'completed', value: 42, stdout: 'adding\n', evidence: expect.any(Array) as unknown, isolation: { kind: 'wasm' } },
      { status: 'failed', error: { type: 'RangeError', traceback: expect.stringContaining('main') as unknown } },
    ]);
  });

  test('tells the model what it may write, from what the provider can do', async () => {
    await using code = createCodeTool({ runner });
    const model = scriptedModel([{ say: 'Nothing to do.' }]);
    await generateText({ model, tools: { run_code: sandportTool(code) }, prompt: 'Hello' });
    expect(model.doGenerateCalls[0]?.tools).toMatchObject([
      { type: 'function', name: 'run_code', description: code.description, inputSchema: code.inputJsonSchema },
    ]);
    expect(code.description).toContain('no network');
  });

  test('streams', async () => {
    await using code = createCodeTool({ runner, languages: ['python'] });
    const model = scriptedModel([call({ code: 'def main(): return 6 * 7' }), { say: 'Done.' }]);
    const outputs: CodeToolOutcome[] = [];
    const { stream, text } = streamText({ model, tools: { run_code: sandportTool(code) }, prompt: 'Go', stopWhen: stepCountIs(3) });
    for await (const part of stream) if (part.type === 'tool-result' && !part.dynamic) outputs.push(part.output);
    expect(await text).toBe('Done.');
    expect(outputs).toMatchObject([{ result: { value: 42 } }]);
    expect(toldTo(model, 'doStreamCalls')).toEqual([{ type: 'json', value: { status: 'completed', value: '42' } }]);
  });

  test('refuses hostile input with the name of the field, and the run goes on', async () => {
    await using code = createCodeTool({ runner });
    const hostile: readonly (readonly [unknown, string])[] = [
      [{ language: 'python', code: '1', timeoutMs: 1e9 }, 'timeoutMs'],
      [{ language: 'bash', code: 'ls' }, 'language'],
      [{ language: 'python', code: '1', tenant: 'other' }, 'tenant'],
      [{ language: 'python', code: '1', arguments: '{}' }, 'arguments'],
      [{ language: 'python', code: { toString: 'x' } }, 'code'],
      [[1], 'input'],
      [null, 'input'],
    ];
    const calls = hostile.map(([input]) => call(input));
    const model = scriptedModel([...calls, call({ language: 'python', code: 'def main(): return 1' }), { say: 'Corrected.' }]);
    const { text, steps } = await generateText({
      model,
      tools: { run_code: sandportTool(code) },
      prompt: 'Go',
      stopWhen: stepCountIs(10),
    });
    expect(text).toBe('Corrected.');
    expect(toldTo(model)).toMatchObject([
      ...hostile.map(([, field]) => ({
        type: 'error-json',
        value: { status: 'refused', code: 'REQUEST_INVALID', error: expect.stringMatching(`^${field}: `) as unknown },
      })),
      { type: 'json', value: { value: '1' } },
    ]);
    expect(steps.slice(0, hostile.length).map(({ toolResults }) => toolResults[0]?.output)).toMatchObject(
      hostile.map(([, field]) => ({ result: null, error: { code: 'REQUEST_INVALID', details: { field } } })),
    );
  });

  test('lets the run go on after input that is no JSON at all', async () => {
    await using code = createCodeTool({ runner });
    const model = scriptedModel([{ call: '{"code": "1' }, { say: 'I will write JSON.' }]);
    const { text } = await generateText({ model, tools: { run_code: sandportTool(code) }, prompt: 'Go', stopWhen: stepCountIs(3) });
    expect(text).toBe('I will write JSON.');
    expect(toldTo(model)).toMatchObject([{ type: 'error-text' }]);
  });

  test('ends the program when the run is aborted', async () => {
    const { runner: watching, hasBegun } = watched();
    await using code = createCodeTool({ runner: watching });
    const abort = new AbortController();
    const model = scriptedModel([call({ language: 'python', code: 'print("begun", flush=True)\nwhile True: pass\n' }), { say: 'never' }]);
    const outcome = generateText({
      model,
      tools: { run_code: sandportTool(code) },
      prompt: 'Go',
      stopWhen: stepCountIs(3),
      abortSignal: abort.signal,
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    await hasBegun;
    abort.abort(new Error('the user left'));
    expect(await outcome).toEqual(new Error('the user left'));
  });

  test('fails with the reason of a signal that had fired before', async () => {
    await using code = createCodeTool({ runner });
    const tool = sandportTool(code);
    await expect(
      tool.execute({ language: 'python', code: '1' }, { abortSignal: AbortSignal.abort(new Error('too late')) }),
    ).rejects.toThrow('too late');
  });

  test('shows images where they are wanted, by their bytes and not by their names', async () => {
    await using code = createCodeTool({ runner, languages: ['python'] });
    const model = scriptedModel([call({ code: PLOT }), { say: 'Seen.' }]);
    await generateText({
      model,
      tools: { run_code: sandportTool(code, { images: { count: 3 } }) },
      prompt: 'Draw',
      stopWhen: stepCountIs(3),
    });
    const [output] = toldTo(model);
    expect(output).toEqual({
      type: 'content',
      value: [
        { type: 'text', text: expect.stringContaining('"value":"drawn"') as unknown },
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: expect.stringMatching(/^iVBORw0KGgo/) as unknown } },
      ],
    });
  });
});

describe('what the model is given', () => {
  const output = async (images: { count?: number; bytes?: number } | undefined) => {
    await using code = createCodeTool({ runner, languages: ['python'] });
    const tool = sandportTool(code, { images });
    const outcome = await tool.execute({ code: PLOT }, {});
    const give = async (given: CodeToolOutcome) => tool.toModelOutput?.({ toolCallId: 'call', input: {}, output: given });
    return { outcome, give };
  };

  test('has no images unless they are wanted, nor those that are too large', async () => {
    for (const images of [undefined, { count: 0 }, { count: 3, bytes: 50 }]) {
      const { outcome, give } = await output(images);
      expect(await give(outcome)).toMatchObject({ type: 'json', value: { artifacts: expect.any(Array) as unknown } });
    }
  });

  test('is the same of an outcome that was stored as JSON, without its images', async () => {
    const { outcome, give } = await output({ count: 3 });
    const stored = JSON.parse(JSON.stringify(outcome)) as CodeToolOutcome;
    expect(await give(stored)).toMatchObject({ type: 'json', value: { value: 'drawn' } });
  });

  test.each<[string, object]>([
    ['images.count', { images: { count: -1 } }],
    ['images.bytes', { images: { bytes: 0 } }],
    ['colour', { colour: 'red' }],
  ])('cannot be asked for with a wrong "%s"', async (field, options) => {
    await using code = createCodeTool({ runner });
    expect(() => sandportTool(code, options)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', details: { field } }));
  });
});

test('a closed code tool says so to the model, and what it kept is ended', async () => {
  const code = createCodeTool({ runner, languages: ['python'] });
  const tool = sandportTool(code);
  await code.close();
  const outcome = await tool.execute({ code: '1' }, {});
  expect(outcome).toMatchObject({ model: { status: 'unavailable', code: 'SANDBOX_CLOSED' }, error: { code: 'SANDBOX_CLOSED' } });
});
