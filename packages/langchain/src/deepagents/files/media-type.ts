import { imageMediaType } from '@sandport/agent';
import mime from 'mime';

/** Media types of files that the framework hands over as base64 where they are text. */
const BINARY_TYPE =
  /^(?:image\/(?!svg\+xml$)|audio\/|video\/(?!mp2t$)|application\/(?:pdf|vnd\.ms-powerpoint$|vnd\.openxmlformats-officedocument\.presentationml))/;

/** Media type of a file that is no text: what its bytes say, then what its name says, where that is a kind of bytes. */
export function binaryTypeOf(path: string, content: Uint8Array): string {
  return imageMediaType(content) ?? binaryTypeOfName(path) ?? 'application/octet-stream';
}

/** Media type by a name, where that is one of images, sound, video and documents; `undefined` for all that may be text. */
export function binaryTypeOfName(path: string): string | undefined {
  const byName = mime.getType(path);
  return byName !== null && BINARY_TYPE.test(byName) ? byName : undefined;
}
