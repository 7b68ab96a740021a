import { z } from 'zod';
import type { RunValue } from './run-answer.ts';

const MARKER = '__RAGFLOW_RESULT__:';

const valueSchema = z.object({ present: z.boolean().default(false), value: z.unknown(), type: z.literal('json').default('json') });

/** What is left of stdout when the lines with the marker are taken out, and what the last of them held. Anybody can print such a line. */
export function takeMarkers(stdout: string): { readonly stdout: string; readonly result: RunValue | null } {
  let result: RunValue | null = null;
  const lines = stdout.split('\n');
  const hasLastNewline = lines.at(-1) === '';
  if (hasLastNewline) lines.pop();
  const kept = lines.filter((line) => {
    if (!line.startsWith(MARKER)) return true;
    const payload = line.slice(MARKER.length).trim();
    if (payload === '') return false;
    const parsed = valueSchema.safeParse(jsonOf(Buffer.from(payload, 'base64').toString('utf8')));
    if (parsed.success) result = { ...parsed.data, value: parsed.data.value ?? null };
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
