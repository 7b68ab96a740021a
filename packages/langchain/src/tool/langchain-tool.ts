import type { CallbackManagerForToolRun } from '@langchain/core/callbacks/manager';
import { ToolMessage } from '@langchain/core/messages';
import { StructuredTool, type StructuredToolInterface, type ToolRunnableConfig } from '@langchain/core/tools';
import { createCodeTool, type CodeTool, type CodeToolOutcome } from '@sandport/agent';
import { z } from 'zod';
import { answerContent, type AnswerContent } from './answer-content.ts';
import { splitToolOptions, type LangChainToolOptions, type SplitToolOptions } from './tool-options.ts';

/** What the model sees, or the message that it is in, and the whole of it for the developer. */
type AnswerAndOutcome = [AnswerContent | ToolMessage, CodeToolOutcome];

/**
 * A tool of LangChain that runs code in a sandbox. Its answer to a call of a model is a `ToolMessage`: `content` is the compact answer, `artifact` the whole
 * {@link CodeToolOutcome}, `status` is `error` unless the program completed. Invoked with plain arguments it gives the content alone.
 */
export interface LangChainCodeTool extends StructuredToolInterface<z.ZodUnknown, unknown, AnswerContent>, AsyncDisposable {
  /** Ends what is kept, and the calls that run in it. Idempotent. The runner stays open. @throws SandboxError what the provider throws. */
  close(): Promise<void>;
}

/**
 * Makes a tool for `createAgent`, for `bindTools` or for a `ToolNode`. No I/O happens before its first call.
 *
 * The signal of the `RunnableConfig` withdraws a call: before the program starts it rejects with `CANCELLED`, later the program is ended and its answer says so.
 *
 * @throws SandboxError `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` for an option that is wrong or that the provider cannot serve, naming it.
 */
export function createLangChainTool(options: LangChainToolOptions): LangChainCodeTool {
  const split = splitToolOptions(options);
  return new SandboxCodeTool(createCodeTool(split.code), split);
}

class SandboxCodeTool extends StructuredTool<z.ZodUnknown> implements LangChainCodeTool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodUnknown;
  readonly #tool: CodeTool;
  readonly #options: SplitToolOptions;

  constructor(tool: CodeTool, options: SplitToolOptions) {
    super({ responseFormat: 'content_and_artifact' });
    this.name = tool.name;
    this.description = tool.description;
    // The model is given the whole schema; the check is ours, for the framework's own would answer before us and without the field's name.
    this.schema = z.unknown().meta(tool.inputJsonSchema);
    this.#tool = tool;
    this.#options = options;
  }

  close(): Promise<void> {
    return this.#tool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected async _call(given: unknown, _manager?: CallbackManagerForToolRun, config?: ToolRunnableConfig): Promise<AnswerAndOutcome> {
    const call = config?.toolCall;
    // Arguments that look like a call themselves are unpacked by the framework; what the model really handed over is in the call.
    const outcome = await this.#tool.run(call === undefined ? given : call.args, { signal: config?.signal });
    this.#options.onOutcome?.(outcome);
    const content = answerContent(outcome, this.#options);
    if (call?.id === undefined) return [content, outcome];
    const status = outcome.model.status === 'completed' ? 'success' : 'error';
    return [new ToolMessage({ content, artifact: outcome, tool_call_id: call.id, name: this.name, status }), outcome];
  }
}
