import { REQUEST_LIMITS, SandboxError } from '@sandport/core';
import { toContent } from '@sandport/executor-api';
import { parseJson } from '@sandport/provider-kit';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { ServiceProblem } from '../server/service-problem.ts';

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
  let body: Record<string, unknown> | undefined;
  let stdin: Uint8Array | undefined;
  const files = new Map<string, Uint8Array>();
  let remaining = maxBytes;
  for await (const part of request.parts({
    limits: { fileSize: maxBytes, fieldSize: maxBytes, files: REQUEST_LIMITS.fileCount + 1, fields: REQUEST_LIMITS.fileCount + 2 },
  })) {
    const content = await contentOf(part, remaining);
    remaining -= content.byteLength;
    if (part.fieldname === REQUEST_PART) body = readRequestPart(content);
    else if (part.fieldname === STDIN_PART) stdin = content;
    else if (files.has(part.fieldname)) throw invalid(`files.${part.fieldname}`, 'is there twice');
    else files.set(part.fieldname, content);
  }
  if (body === undefined) throw invalid(REQUEST_PART, 'is missing: a part with the request as JSON');
  request.body = {
    ...body,
    ...(stdin === undefined ? {} : { stdin: toContent(stdin) }),
    ...(files.size === 0 ? {} : { files: Object.fromEntries([...files].map(([path, content]) => [path, toContent(content)])) }),
  };
}

async function contentOf(part: Multipart, maxBytes: number): Promise<Uint8Array> {
  if (part.type === 'field') {
    // A part that says that it is JSON comes read already.
    const content = Buffer.from(typeof part.value === 'string' ? part.value : JSON.stringify(part.value));
    if (content.byteLength > maxBytes) throw tooLarge();
    return content;
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of part.file as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
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

function invalid(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" and call again; nothing was run.`,
    details: { field },
  });
}
