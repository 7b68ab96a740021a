import { z } from 'zod';
import type { RunValueText } from './run-answer.ts';

const MARKER = '__RAGFLOW_RESULT__:';

const valueSchema = z.object({ present: z.boolean(), value: z.unknown(), type: z.literal('json') });

/** What is left of stdout when the lines with the marker are taken out, and what the last of them held. Anybody can print such a line. */
export function takeMarkers(stdout: string): { readonly stdout: string; readonly result: RunValueText | null } {
  let result: RunValueText | null = null;
  const lines = stdout.split('\n');
  const hasLastNewline = lines.at(-1) === '';
  if (hasLastNewline) lines.pop();
  const kept = lines.filter((line) => {
    if (!line.startsWith(MARKER)) return true;
    const payload = line.slice(MARKER.length).trim();
    if (payload === '') return false;
    const json = Buffer.from(payload, 'base64').toString('utf8');
    const parsed = valueSchema.safeParse(jsonOf(json));
    if (parsed.success) result = json;
    return !parsed.success;
  });
  const text = kept.join('\n');
  return { stdout: text !== '' && hasLastNewline ? `${text}\n` : text, result };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
