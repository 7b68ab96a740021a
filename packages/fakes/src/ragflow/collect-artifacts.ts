import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../execution/system-code.ts';
import type { RunArtifact } from './run-answer.ts';

const MOST_FILES = 10;
const MOST_BYTES = 10 * 1024 * 1024;

const mediaTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.html': 'text/html',
};

/** The first ten plain files, and of these the ones of known kinds that are neither empty nor too large. Of the others nobody hears. */
export async function collectArtifacts(folder: string): Promise<RunArtifact[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.includes('..'));
  const taken: RunArtifact[] = [];
  for (const { name } of names.slice(0, MOST_FILES)) {
    const mediaType = mediaTypes[/\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? ''];
    const { size } = await stat(join(folder, name));
    if (mediaType === undefined || size === 0 || size > MOST_BYTES) continue;
    const content = await readFile(join(folder, name));
    taken.push({ name, mime_type: mediaType, size, content_b64: content.toString('base64') });
  }
  return taken;
}
