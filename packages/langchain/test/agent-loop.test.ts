import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { canonicalText, languageExample, runnerOfProvider, type CodeToolOutcome } from '@sandport/agent';
import { createProvider, LANGUAGES } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { createAgent } from 'langchain';
import { afterAll, describe, expect, test } from 'vitest';
import { createLangChainTool } from '../src/index.ts';
import { containing } from './text-matchers.ts';
import { callOf } from './tool-call.ts';

const provider = createProvider(wasmProvider, {});
const runner = runnerOfProvider(provider);

afterAll(() => provider.close());

/** What the model was told by the last tool. */
function lastTold(messages: readonly BaseMessage[]): { readonly message: ToolMessage; readonly told: Record<string, unknown> } {
  const message = messages.findLast((one) => ToolMessage.isInstance(one));
  if (message === undefined) throw new Error('no tool has answered');
  return { message, told: JSON.parse(message.text) as Record<string, unknown> };
}

describe('an agent', () => {
  test('runs code, goes on with what came of it, and mends a program that failed', async () => {
    const outcomes: CodeToolOutcome[] = [];
    await using tool = createLangChainTool({ runner, onOutcome: (outcome) => outcomes.push(outcome) });
    const model = fakeModel()
      .respondWithTools([
        callOf({ language: 'python', code: 'def main(numbers):\n    return sum(number)\n', arguments: { numbers: [3, 4] } }, 'first'),
      ])
      .respondWithTools([
        callOf(
          { language: 'python', code: 'def main(numbers):\n    print("added")\n    return sum(numbers)\n', arguments: { numbers: [3, 4] } },
          'second',
        ),
      ])
      .respond(
        (messages) =>
          new AIMessage({
            content: '',
            tool_calls: [
              callOf(
                {
                  language: 'javascript',
                  code: 'function main({ sum }) { return sum * 6; }',
                  arguments: { sum: Number(lastTold(messages).told['value']) },
                },
                'third',
              ),
            ],
          }),
      )
      .respond((messages) => new AIMessage(`It is ${String(lastTold(messages).told['value'])}.`));
    const agent = createAgent({ model, tools: [tool] });
    const { messages } = await agent.invoke({ messages: [new HumanMessage('Add, then multiply by six.')] });

    expect(messages.at(-1)?.text).toBe('It is 42.');
    const answers = messages.filter((message) => ToolMessage.isInstance(message));
    expect(answers.map(({ tool_call_id, status }) => [tool_call_id, status])).toEqual([
      ['first', 'error'],
      ['second', 'success'],
      ['third', 'success'],
    ]);
    expect(JSON.parse(answers[0]?.text ?? '')).toMatchObject({ status: 'failed', error: containing('NameError') });
    expect(JSON.parse(answers[1]?.text ?? '')).toEqual({ status: 'completed', value: '7', stdout: 'added\n' });
    expect(answers.map(({ artifact }) => artifact as CodeToolOutcome)).toEqual(outcomes);
    expect(outcomes.map(({ result }) => result?.status)).toEqual(['failed', 'completed', 'completed']);
    expect(outcomes[1]?.result).toMatchObject({ value: 7, exitCode: 0, isolation: { kind: 'wasm' } });
  });

  test('that is withdrawn rejects, and its program is ended', async () => {
    const controller = new AbortController();
    const outcomes: CodeToolOutcome[] = [];
    const listening = {
      ...runner,
      execute: (request: Parameters<typeof runner.execute>[0], options?: Parameters<typeof runner.execute>[1]) =>
        runner.execute({ ...request, onOutput: () => controller.abort() }, options),
    };
    await using tool = createLangChainTool({ runner: listening, onOutcome: (outcome) => outcomes.push(outcome) });
    const model = fakeModel().respondWithTools([callOf({ language: 'python', code: 'print("begun", flush=True)\nwhile True: pass' })]);
    const running = createAgent({ model, tools: [tool] }).invoke({ messages: [new HumanMessage('Go.')] }, { signal: controller.signal });
    await expect(running).rejects.toThrow(/abort/i);
    await expect.poll(() => outcomes.map(({ result }) => result?.status)).toEqual(['cancelled']);
    expect(model.callCount).toBe(1);
  });
});

describe('what the model is given', () => {
  const tool = createLangChainTool({ runner, files: { 'table.csv': '1,2\n' } });

  test('is the whole schema of the input, and the description from the capabilities', () => {
    const { function: given } = convertToOpenAITool(tool);
    expect(given).toMatchObject({
      name: 'run_code',
      description: containing('plain ECMAScript'),
      parameters: {
        type: 'object',
        required: ['code', 'language'],
        additionalProperties: false,
        properties: {
          code: { type: 'string' },
          language: { enum: ['python', 'javascript'] },
          arguments: { type: 'object' },
          files: { type: 'array' },
        },
      },
    });
  });

  test.each(LANGUAGES)('has an example of %s that gives what it says', async (language) => {
    const { code, arguments: given, value } = languageExample(language, provider.capabilities, 'none');
    expect(tool.description).toContain(code.trimEnd());
    const { told } = lastTold([await tool.invoke(callOf({ language, code, arguments: given }))]);
    expect(told).toMatchObject({ status: 'completed', value: canonicalText(value) });
  });
});

test('plain arguments give the content alone', async () => {
  const content: unknown = await createLangChainTool({ runner }).invoke({ language: 'python', code: 'def main(): return 1' });
  expect(content).toBe('{"status":"completed","value":"1"}');
});

test('images are shown where that is wanted: by their bytes, and no more of them than that', async () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const code = [
    'import base64, os',
    'os.makedirs("artifacts", exist_ok=True)',
    `picture = base64.b64decode("${png}")`,
    'open("artifacts/a.png", "w").write("no picture")',
    'open("artifacts/b.txt", "wb").write(picture)',
    'open("artifacts/c.png", "wb").write(picture)',
  ].join('\n');
  const call = callOf({ language: 'python', code });
  const shown = await createLangChainTool({ runner, imageCount: 1 }).invoke(call);
  expect(shown.content).toEqual([
    { type: 'text', text: containing('"name":"c.png"') },
    { type: 'text', text: 'b.txt:' },
    { type: 'image', mimeType: 'image/png', data: png },
  ]);
  const named = await createLangChainTool({ runner, imageCount: 3, imageBytes: 20 }).invoke(call);
  expect(named.content).toContain('"name":"b.txt"');
});
