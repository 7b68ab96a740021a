import { constants } from 'node:fs';
import { access, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { usageError } from '../usage-error.ts';
import type { ConformanceDocument } from './conformance-report.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport } from './markdown-report.ts';

const FORMATS: Readonly<Record<string, (document: ConformanceDocument) => string>> = {
  '.html': htmlReport,
  '.md': markdownReport,
};

/** Writes a report. */
export type ReportWriter = (document: ConformanceDocument) => Promise<void>;

/**
 * Prepares a report at a path, whose ending says what it is. What would stand in the way is said now, and not after everything has been tried.
 *
 * @throws SandboxError `REQUEST_INVALID`
 */
export async function reportFile(path: string): Promise<ReportWriter> {
  const render = FORMATS[extname(path).toLowerCase()];
  if (render === undefined) throw usageError('--report: ends neither with .html nor with .md.', 'Name it, for example, conformance.html.');
  const target = resolve(path);
  try {
    await access(dirname(target), constants.W_OK);
  } catch (error) {
    throw usageError('--report: its folder is not there, or cannot be written to.', 'Make the folder first.', error);
  }
  if ((await stat(target).catch(absent))?.isFile() === false)
    throw usageError('--report: is there already and is no file.', 'Name another one.');
  return async (document) => {
    // A reader of the former report gets all of one or of the other.
    const draft = `${target}.${crypto.randomUUID()}.part`;
    try {
      await writeFile(draft, render(document), { flag: 'wx' });
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw usageError('--report: could not be written.', 'Look at its folder, and at the room on the disk.', error);
    }
  };
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
