import { finished } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';

/** The parts of a multipart body. */
export interface FormData {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, { readonly fileName: string; readonly content: Buffer }>;
}

/** Takes a multipart body apart. Fails when it is none. */
export async function parseFormData(contentType: string, body: Buffer): Promise<FormData> {
  const fields = new Map<string, string>();
  const files = new Map<string, { fileName: string; content: Buffer }>();
  const parser = new Busboy({ headers: { 'content-type': contentType } });
  parser.on('field', (name, value) => void fields.set(name, value));
  parser.on('file', (name, stream, fileName) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    stream.on('end', () => void files.set(name, { fileName, content: Buffer.concat(chunks) }));
  });
  const done = finished(parser);
  parser.end(body);
  await done;
  return { fields, files };
}
