import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** Calls a tool, as the official client does. */
export async function callTool(
  client: Client,
  name: string,
  input: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<CallToolResult> {
  return CallToolResultSchema.parse(await client.callTool({ name, arguments: input }, undefined, signal === undefined ? {} : { signal }));
}

/** The text of an answer. */
export function textOf({ content }: CallToolResult): string {
  const [first] = content;
  if (first?.type !== 'text') throw new Error(`expected a text, not ${first?.type}`);
  return first.text;
}

/** What a model was told, as the object that it is. */
export function toldBy(result: CallToolResult): unknown {
  return JSON.parse(textOf(result));
}
