import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { describeIssue } from '@sandport/core';
import { z } from 'zod';

/** A tool as a session offers it. */
export interface ServerTool {
  readonly definition: Tool;
  /** @param input What the model handed over, unchecked. */
  call(input: unknown, signal: AbortSignal): Promise<CallToolResult>;
}

/** A tool whose input a schema describes. Wrong input is told to the model with the field's name, and nothing is done. */
export function checkedTool<Schema extends z.ZodObject>(options: {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly annotations?: Tool['annotations'];
  readonly run: (input: z.output<Schema>) => CallToolResult | Promise<CallToolResult>;
}): ServerTool {
  const { name, description, schema, annotations, run } = options;
  return {
    definition: {
      name,
      description,
      inputSchema: inputSchemaOf(z.toJSONSchema(schema)),
      ...(annotations === undefined ? {} : { annotations }),
    },
    call: async (input) => {
      const parsed = schema.safeParse(input);
      if (parsed.success) return run(parsed.data);
      const { field, message } = describeIssue(parsed.error, 'input');
      return refusedCall(`${field}: ${message}. Nothing was done.`);
    },
  };
}

/** What a model is told of a call that could not be carried out. */
export function refusedCall(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}

/** A JSON Schema as the protocol has it: that of an object. */
export function inputSchemaOf(jsonSchema: object): Tool['inputSchema'] {
  return { ...jsonSchema, type: 'object' };
}
