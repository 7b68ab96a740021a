import { Busboy } from '@fastify/busboy';

/** The parts of a multipart body. */
export interface FormData {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, { readonly fileName: string; readonly content: Buffer }>;
}

/** Takes a multipart body apart. Fails when it is none, and when it ends too early. */
export function parseFormData(contentType: string, body: Buffer): Promise<FormData> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const files = new Map<string, { fileName: string; content: Buffer }>();
    const parser = new Busboy({ headers: { 'content-type': contentType } });
    parser.on('error', reject);
    parser.on('field', (name, value) => void fields.set(name, value));
    parser.on('file', (name, stream, fileName) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => void files.set(name, { fileName, content: Buffer.concat(chunks) }));
      // A part that ends too early is an error of its stream only: the parser would never finish.
      stream.on('error', reject);
    });
    parser.on('finish', () => resolve({ fields, files }));
    parser.end(body);
  });
}
