import { Buffer } from 'node:buffer';
import type { FileInfo, ReadResult } from 'deepagents';
import { z } from 'zod';
import { binaryTypeOf } from './media-type.ts';

/** What the framework takes for the content of a file that is empty. */
const EMPTY_FILE = 'System reminder: File exists but has empty contents';

const base64Schema = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

const entrySchema = z.strictObject({ path: z.string(), isFolder: z.boolean(), sizeBytes: z.int().min(0), modifiedMs: z.int() });

/** Answer of `ls`. */
export const listingSchema = z.array(entrySchema);

/** Answer of `glob`. */
export const globSchema = z.strictObject({ files: z.array(entrySchema), truncated: z.boolean() });

/** Answer of `grep`. */
export const grepSchema = z.strictObject({
  matches: z.array(z.strictObject({ path: z.string(), line: z.int().min(1), text: z.string() })),
  truncated: z.boolean(),
});

/** Answer of `raw`. */
export const rawSchema = z.strictObject({ base64: base64Schema, changedMs: z.int(), modifiedMs: z.int() });

/** Answer of `read`: a text in part, or all bytes of anything else. */
export const readSchema = z.union([
  z.strictObject({ text: z.string(), totalLines: z.int().min(0) }),
  z.strictObject({ base64: base64Schema }),
]);

/** Answer of `edit`. */
export const editSchema = z.strictObject({ occurrences: z.int().min(0) });

/** Entries as the framework has them: folders end with `/`. */
export function fileInfosOf(entries: z.output<typeof listingSchema>): FileInfo[] {
  return entries.map(({ path, isFolder, sizeBytes, modifiedMs }) => ({
    path: isFolder ? `${path}/` : path,
    is_dir: isFolder,
    size: sizeBytes,
    modified_at: new Date(modifiedMs).toISOString(),
  }));
}

/** Lines of a text as the framework pages through them, or the bytes of what is no text: the bytes decide which it is, and not the name. */
export function readResultOf(path: string, answer: z.output<typeof readSchema>, offset: number, limit: number): ReadResult {
  if ('base64' in answer) return { content: answer.base64, mimeType: binaryTypeOf(path, answer.base64) };
  const { text, totalLines } = answer;
  const mimeType = 'text/plain';
  if (totalLines === 0) return { content: EMPTY_FILE, mimeType };
  if (offset >= totalLines) return { error: `${path}: has ${totalLines} lines; there is none at offset ${offset}` };
  if (limit === 0) return { content: '', mimeType };
  const endLine = Math.min(offset + limit, totalLines);
  const isAtEnd = endLine === totalLines;
  return {
    content: isAtEnd || !text.endsWith('\n') ? text : text.slice(0, -1),
    mimeType,
    totalLines,
    startLine: offset + 1,
    endLine,
    ...(isAtEnd ? {} : { nextOffset: endLine }),
  };
}
