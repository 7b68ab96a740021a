import { REQUEST_LIMITS, SandboxError } from '@sandport/core';
import { toContent } from '@sandport/executor-api';
import { parseJson } from '@sandport/provider-kit';
import { ServiceProblem } from '@sandport/http-service';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';

/** The part that holds the request, as JSON; every other part is a file, named by its path. */
const REQUEST_PART = 'request';

/** The part that holds standard input. */
const STDIN_PART = 'stdin';

/**
 * Reads a request that comes in parts into the body that it would be as JSON.
 *
 * @throws ServiceProblem `BODY_TOO_LARGE`; SandboxError `REQUEST_INVALID`.
 */
export async function readMultipart(request: FastifyRequest, maxBytes: number): Promise<void> {
  if (!request.isMultipart()) return;
  if (Number(request.headers['content-length']) > maxBytes) throw tooLarge();
  let body: Record<string, unknown> | undefined;
  let stdin: Uint8Array | undefined;
  const files = new Map<string, Uint8Array>();
  let remaining = maxBytes;
  for await (const part of partsOf(request, maxBytes)) {
    const content = await contentOf(part, remaining);
    const name = part.fieldname;
    remaining -= content.byteLength;
    if (name === REQUEST_PART) {
      if (body !== undefined) throw invalid(name, 'is there twice');
      body = readRequestPart(content);
    } else if (name === STDIN_PART) {
      if (stdin !== undefined) throw invalid(name, 'is there twice');
      stdin = content;
    } else {
      if (files.has(name)) throw invalid(`files.${name}`, 'is there twice');
      files.set(name, content);
    }
  }
  if (body === undefined) throw invalid(REQUEST_PART, 'is missing: a part with the request as JSON');
  request.body = {
    ...body,
    ...(stdin === undefined ? {} : { stdin: toContent(stdin) }),
    ...(files.size === 0 ? {} : { files: Object.fromEntries([...files].map(([path, content]) => [path, toContent(content)])) }),
  };
}

/** The parts as they come. */
async function* partsOf(request: FastifyRequest, maxBytes: number): AsyncGenerator<Multipart, void, undefined> {
  const { raw } = request;
  const limits = {
    fileSize: maxBytes,
    fieldSize: maxBytes,
    fieldNameSize: NAME_BYTES,
    files: REQUEST_LIMITS.fileCount + 1,
    fields: REQUEST_LIMITS.fileCount + 2,
  };
  let bytes = 0;
  raw.on('data', (piece: Uint8Array) => {
    bytes += piece.byteLength;
    // What belongs to no part, and what is left over of one that was cut, would be read without an end.
    if (bytes > maxBytes + FRAME_BYTES) raw.destroy();
  });
  yield* asSent(request.parts({ limits }));
}

/** The same pieces. What cannot be read is the fault of who sent it. */
async function* asSent<Piece>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece, void, undefined> {
  try {
    yield* pieces;
  } catch (error) {
    // What the framework refuses by itself has a status of its own.
    if (error instanceof Error && 'statusCode' in error) throw error;
    throw invalid('body', 'is not in parts as its type says, or breaks off', error);
  }
}

/** Longer than every path of a file may be. */
const NAME_BYTES = 4096;

/** What stands around the parts. */
const FRAME_BYTES = 1024 * 1024;

async function contentOf(part: Multipart, maxBytes: number): Promise<Uint8Array> {
  if (part.type === 'field') {
    // A part that says that it is JSON comes read already.
    const content = Buffer.from(typeof part.value === 'string' ? part.value : JSON.stringify(part.value));
    if (part.valueTruncated || content.byteLength > maxBytes) throw tooLarge();
    if (part.fieldnameTruncated) throw invalid('files', 'has a name that is too long');
    return content;
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of asSent<Buffer>(part.file)) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  if (part.file.truncated) throw tooLarge();
  return Buffer.concat(pieces);
}

function readRequestPart(content: Uint8Array): Record<string, unknown> {
  const body = parseJson(Buffer.from(content).toString('utf8'));
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw invalid(REQUEST_PART, 'is not a JSON object');
}

function tooLarge(): ServiceProblem {
  return new ServiceProblem('BODY_TOO_LARGE', 'The parts are together larger than this executor takes.');
}

function invalid(field: string, message: string, cause?: unknown): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again; nothing was run.`,
    details: { field },
    cause,
  });
}
