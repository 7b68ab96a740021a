import { convertArrayToReadableStream, MockLanguageModelV4 } from 'ai/test';

type Streamed = Awaited<ReturnType<MockLanguageModelV4['doStream']>>;
type StreamPart = Streamed['stream'] extends ReadableStream<infer Part> ? Part : never;
type Generated = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>;

/** What a model does in one step: it calls a tool with JSON text as it writes it, or it says something. */
export type Step = { readonly call: string; readonly tool?: string } | { readonly say: string };

const usage: Generated['usage'] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** The framework's own model for tests, which takes these steps and then has nothing left to do. */
export function scriptedModel(steps: readonly Step[]): MockLanguageModelV4 {
  const left = [...steps];
  let count = 0;
  const next = (): Pick<Generated, 'content' | 'finishReason'> => {
    const step = left.shift();
    if (step === undefined) throw new Error('the model has no step left');
    count += 1;
    if ('say' in step) return { content: [{ type: 'text', text: step.say }], finishReason: { unified: 'stop', raw: undefined } };
    return {
      content: [{ type: 'tool-call', toolCallId: `call-${count}`, toolName: step.tool ?? 'run_code', input: step.call }],
      finishReason: { unified: 'tool-calls', raw: undefined },
    };
  };
  return new MockLanguageModelV4({
    doGenerate: async ({ abortSignal }) => {
      abortSignal?.throwIfAborted();
      return { ...next(), usage, warnings: [] };
    },
    doStream: async ({ abortSignal }) => {
      abortSignal?.throwIfAborted();
      const { content, finishReason } = next();
      const parts = content.flatMap((part): StreamPart[] => {
        if (part.type === 'tool-call') return [part];
        if (part.type !== 'text') return [];
        const id = 'text';
        return [
          { type: 'text-start', id },
          { type: 'text-delta', id, delta: part.text },
          { type: 'text-end', id },
        ];
      });
      return { stream: convertArrayToReadableStream<StreamPart>([...parts, { type: 'finish', finishReason, usage }]) };
    },
  });
}

/** What the model was told of the tools that it had called, in the order of its steps. */
export function toldTo(model: MockLanguageModelV4, how: 'doGenerateCalls' | 'doStreamCalls' = 'doGenerateCalls'): unknown[] {
  const last = model[how].at(-1);
  return (last?.prompt ?? []).flatMap(({ role, content }) =>
    role === 'tool' ? content.flatMap((part) => (part.type === 'tool-result' ? [part.output] : [])) : [],
  );
}
