import { createReadStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';
import { jsonAnswer, type Answer, type AnswerStream } from '../../http/answer.ts';
import { parseFormData } from '../../http/form-data.ts';
import { systemCodeOf } from '../../execution/system-code.ts';
import { sandboxOf, type Call, type E2bAnswer, type StreamedAnswer } from '../call.ts';
import { HttpError } from '../service-error.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import { transferringUser } from './calling-user.ts';
import { expandPath } from './sandbox-path.ts';

/** The content of a file, in pieces that are read as fast as they are taken. Compressed when the caller can read that. */
export async function readFile(call: Call): Promise<E2bAnswer> {
  transferringUser(call);
  const { paths } = sandboxOf(call);
  const path = expandPath(call.query.get('path') ?? '');
  const mapped = await paths.resolve(path);
  const stats = await stat(mapped).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    throw new HttpError(404, `path '${paths.normalize(path)}' does not exist`);
  });
  if (stats.isDirectory()) throw new HttpError(400, `path '${paths.normalize(path)}' is a directory`);
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `inline; filename*=utf-8''${encodeURIComponent(basename(mapped))}`,
    vary: 'Accept-Encoding',
  };
  if (stats.size === 0) return { status: 200, headers, body: Buffer.alloc(0) };
  const isCompressed = /\bgzip\b/.test(call.request.headers.get('accept-encoding') ?? '');
  return streamFile(mapped, isCompressed, {
    ...headers,
    ...(isCompressed ? { 'content-encoding': 'gzip' } : { 'content-length': String(stats.size) }),
  });
}

function streamFile(mapped: string, isCompressed: boolean, headers: Readonly<Record<string, string>>): StreamedAnswer {
  const pump = async (stream: AnswerStream): Promise<void> => {
    const file = createReadStream(mapped);
    const body = isCompressed ? file.pipe(createGzip()) : file;
    // Where the file fails, its copy in the other form must fail as well.
    file.on('error', (error) => body.destroy(error));
    try {
      for await (const piece of body as AsyncIterable<Buffer>) {
        if (stream.gone.aborted) return;
        await stream.write(piece);
      }
    } finally {
      file.destroy();
    }
    stream.end();
  };
  return { status: 200, headers, pump, abandon: () => Promise.resolve() };
}

interface Upload {
  readonly path: string;
  readonly content: Buffer;
}

/** The bytes of the body, without their compression. */
async function plainBody(call: Call): Promise<Buffer> {
  const { headers, body } = call.request;
  const encoding = headers.get('content-encoding');
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new HttpError(415, `unsupported Content-Encoding: ${encoding}`);
  return promisify(gunzip)(body).catch((error: unknown) => {
    throw new HttpError(400, `the body is not gzip: ${String(error)}`);
  });
}

async function readUploads(call: Call): Promise<Upload[]> {
  const path = call.query.get('path');
  const contentType = call.request.headers.get('content-type') ?? '';
  const body = await plainBody(call);
  if (contentType.startsWith('application/octet-stream')) {
    if (path === undefined || path === '') throw new HttpError(400, 'path is needed');
    return [{ path, content: body }];
  }
  const { fileList } = await parseFormData(contentType, body).catch((error: unknown) => {
    throw new HttpError(400, `error parsing multipart form: ${String(error)}`);
  });
  if (path !== undefined && path !== '' && fileList.length !== 1)
    throw new HttpError(400, `expected 1 file for path '${path}', got ${fileList.length}`);
  return fileList.map(({ fileName, content }) => ({ path: path === undefined || path === '' ? fileName : path, content }));
}

async function writeUpload(call: Call, sandbox: E2bSandbox, { path, content }: Upload): Promise<Record<string, string>> {
  const expanded = expandPath(path);
  const mapped = await sandbox.paths.resolve(expanded);
  if (sandbox.writtenBytes + content.length > call.state.settings.maxDiskBytes) throw new HttpError(507, 'not enough disk space available');
  sandbox.writtenBytes += content.length;
  await mkdir(dirname(mapped), { recursive: true });
  await writeFile(mapped, content).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EISDIR') throw error;
    throw new HttpError(400, `path is a directory: ${path}`);
  });
  const normalized = sandbox.paths.normalize(expanded);
  return { path: normalized, name: basename(normalized), type: 'file' };
}

export async function writeFiles(call: Call): Promise<Answer> {
  transferringUser(call);
  const sandbox = sandboxOf(call);
  const written: Record<string, string>[] = [];
  for (const upload of await readUploads(call)) written.push(await writeUpload(call, sandbox, upload));
  return jsonAnswer(200, written);
}
