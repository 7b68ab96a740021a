import { Busboy } from '@fastify/busboy';

/** The parts of a multipart body. */
export interface FormData {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, FormFile>;
  /** The files in the order in which they came; several may have one name. */
  readonly fileList: readonly FormFile[];
}

/** A part of a form that is a file. */
export interface FormFile {
  /** As it was sent, with folders where it has any. */
  readonly fileName: string;
  readonly content: Buffer;
}

/** Takes a multipart body apart. Fails when it is none, and when it ends too early. */
export function parseFormData(contentType: string, body: Buffer): Promise<FormData> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const files = new Map<string, FormFile>();
    const fileList: FormFile[] = [];
    const parser = new Busboy({ headers: { 'content-type': contentType }, preservePath: true });
    parser.on('error', reject);
    parser.on('field', (name, value) => void fields.set(name, value));
    parser.on('file', (name, stream, fileName) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        const file = { fileName, content: Buffer.concat(chunks) };
        files.set(name, file);
        fileList.push(file);
      });
      // A part that ends too early is an error of its stream only: the parser would never finish.
      stream.on('error', reject);
    });
    parser.on('finish', () => resolve({ fields, files, fileList }));
    parser.end(body);
  });
}
