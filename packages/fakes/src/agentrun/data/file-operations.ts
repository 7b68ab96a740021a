import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { z } from 'zod';
import { jsonAnswer, type Answer } from '../../http/answer.ts';
import { parseFormData, type FormData } from '../../http/form-data.ts';
import { findFault, type Call } from '../call.ts';
import { sandboxOf } from '../sandbox-operations.ts';
import { serviceError } from '../service-error.ts';
import { describeFile, parseMode, reserveBytes } from './file-entry.ts';
import { parseDataInput, requiredParameter } from './parse-data-input.ts';

/** Endings of files that may be written as text. */
const TEXT_ENDINGS = new Set(
  'c cfg conf cpp css csv go h html ini java js json jsx log md mjs cjs php py r rb rs sh sql svg toml ts tsv tsx txt xml yaml yml'.split(
    ' ',
  ),
);

const writeInputSchema = z.looseObject({
  path: z.string().min(1),
  content: z.string(),
  mode: z.string().default('644'),
  encoding: z.literal('utf-8').default('utf-8'),
  createDir: z.boolean().default(true),
});

/** The text of a file, or its bytes in base64 where they are no text. */
export async function readTextFile(call: Call): Promise<Answer> {
  const path = requiredParameter(call, 'path');
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const content = await readFile(await sandbox.paths.resolve(path));
    const text = content.toString();
    const isText = !content.includes(0) && Buffer.from(text).equals(content);
    const entry = await describeFile(sandbox, path);
    const written = isText ? { content: text, encoding: 'utf-8' } : { content: content.toString('base64'), encoding: 'base64' };
    return jsonAnswer(200, findFault(call.faults, 'other-shape') === undefined ? { ...entry, ...written } : { entry, ...written });
  });
}

export async function writeTextFile(call: Call): Promise<Answer> {
  const { path, content, mode, createDir } = parseDataInput(writeInputSchema, call.body);
  const name = basename(path);
  if (name.startsWith('.')) throw serviceError(400, 'INVALID_REQUEST', 'hidden files cannot be written');
  if (!TEXT_ENDINGS.has(extname(name).slice(1)))
    throw serviceError(400, 'INVALID_REQUEST', 'only text files can be written; upload others');
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const bytes = Buffer.from(content);
    const mapped = await sandbox.paths.resolve(path);
    reserveBytes(sandbox, bytes.length, call.state.settings.limits.maxDiskBytes);
    if (createDir) await mkdir(dirname(mapped), { recursive: true });
    await writeFile(mapped, bytes, { mode: parseMode(mode) });
    return jsonAnswer(200, { path: sandbox.paths.normalize(path), size: bytes.length });
  });
}

export async function uploadFile(call: Call): Promise<Answer> {
  const { limits } = call.state.settings;
  const form = await readForm(call);
  const path = form.fields.get('path');
  const file = form.files.get('file');
  if (path === undefined || path === '' || file === undefined) throw serviceError(400, 'INVALID_REQUEST', 'path and file are needed');
  if (file.content.length > limits.maxUploadBytes) throw serviceError(413, 'FILE_TOO_LARGE', 'The file is too large');
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const mapped = await sandbox.paths.resolve(path);
    reserveBytes(sandbox, file.content.length, limits.maxDiskBytes);
    await mkdir(dirname(mapped), { recursive: true });
    await writeFile(mapped, file.content);
    return jsonAnswer(200, { path: sandbox.paths.normalize(path), size: file.content.length });
  });
}

function readForm(call: Call): Promise<FormData> {
  return parseFormData(call.request.headers.get('content-type') ?? '', call.request.body).catch((error: unknown) => {
    throw serviceError(400, 'INVALID_REQUEST', `The body is no multipart form: ${String(error)}`);
  });
}

export async function downloadFile(call: Call): Promise<Answer> {
  const path = requiredParameter(call, 'path');
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const body = await readFile(await sandbox.paths.resolve(path));
    const name = encodeURIComponent(basename(path));
    return {
      status: 200,
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${name}"; filename*=UTF-8''${name}`,
      },
      body,
    };
  });
}
