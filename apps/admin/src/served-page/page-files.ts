import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** How a body may be packed, the best first. */
export const ENCODINGS = ['br', 'gzip'] as const;

/** A member of {@link ENCODINGS}. */
export type Encoding = (typeof ENCODINGS)[number];

/** One file of the built page, in memory. */
export interface PageFile {
  /** Below the folder of the page, with `/` between its parts. */
  readonly path: string;
  readonly mediaType: string;
  readonly etag: string;
  readonly body: Buffer;
  /** Packed bodies, where packing makes them smaller. */
  readonly packed: Readonly<Partial<Record<Encoding, Buffer>>>;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** What is packed already. */
const PACKED_TYPES = new Set(['.png', '.woff2']);

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;

/** Time of the start for size of every answer: beyond this the gain is a hundredth. */
const BROTLI_QUALITY = 9;

/** Reads the built page, and packs it: it does not change while the server runs. Nothing when it was not built. */
export async function readPageFiles(folder: string): Promise<readonly PageFile[] | undefined> {
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return undefined;
    throw error;
  }
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: PageFile[] = [];
  for (const path of paths) files.push(await readPageFile(folder, path));
  return files.some(({ path }) => path === 'index.html') ? files : undefined;
}

async function readPageFile(folder: string, path: string): Promise<PageFile> {
  const body = await readFile(path);
  const extension = extname(path);
  return {
    path: relative(folder, path).split(sep).join('/'),
    mediaType: MEDIA_TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    body,
    packed: PACKED_TYPES.has(extension) ? {} : await pack(body),
  };
}

/** Packs a body in every way that makes it smaller. */
export async function pack(body: Buffer): Promise<PageFile['packed']> {
  const [br, gz] = await Promise.all([
    compress.br(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength },
    }),
    compress.gzip(body, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  return { ...(br.byteLength < body.byteLength ? { br } : {}), ...(gz.byteLength < body.byteLength ? { gzip: gz } : {}) };
}
