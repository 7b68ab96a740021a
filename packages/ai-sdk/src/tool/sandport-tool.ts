import type { CodeTool, CodeToolOutcome } from '@sandport/agent';
import type { JsonObject } from '@sandport/core';
import { jsonSchema, tool, type Tool } from 'ai';
import { checkImageBudget, type ImageBudget } from './image-budget.ts';
import { modelOutput } from './model-output.ts';

/** A code tool as the AI SDK has tools. What the model sends is not checked before it is run, so that its type says nothing; what a call gives is both answers. */
export type SandportTool = Tool<unknown, CodeToolOutcome> & {
  readonly description: string;
  readonly execute: (input: unknown, options: { readonly abortSignal?: AbortSignal | undefined }) => Promise<CodeToolOutcome>;
};

/** What the model sees besides its compact answer. */
export interface SandportToolOptions {
  /** Images among the artifacts that are shown to the model, where it and its provider take images in results of tools. @default none */
  readonly images?: Partial<ImageBudget> | undefined;
}

/**
 * Puts a code tool into the AI SDK's own type. The tool's output is the whole outcome, for the developer; the model is given `outcome.model` of it. The code tool stays
 * yours to close.
 *
 * The input is the model's word and is handed on as it came: the code tool refuses what is wrong in words that the model can act on, and the run goes on.
 *
 * @throws SandboxError `REQUEST_INVALID` for an option that is wrong, naming it.
 */
export function sandportTool(codeTool: CodeTool, options: SandportToolOptions = {}): SandportTool {
  const images = checkImageBudget(options);
  return tool<unknown, CodeToolOutcome, JsonObject>({
    description: codeTool.description,
    inputSchema: jsonSchema<unknown>(codeTool.inputJsonSchema),
    execute: async (input, { abortSignal }) => {
      try {
        return await codeTool.run(input, { signal: abortSignal });
      } catch (error) {
        // The framework knows its own withdrawal by the reason that it gave.
        abortSignal?.throwIfAborted();
        throw error;
      }
    },
    toModelOutput: ({ output }) => modelOutput(output, images),
  }) as SandportTool;
}
