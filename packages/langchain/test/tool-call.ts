import type { ToolCall } from '@langchain/core/messages';

/** A call of the code tool, with whatever a model hands over. */
export function callOf(args: unknown, id = 'call-1'): ToolCall & { readonly id: string; readonly type: 'tool_call' } {
  return { name: 'run_code', args: args as Record<string, unknown>, id, type: 'tool_call' };
}
