import { Buffer } from 'node:buffer';

/** First bytes of the images that models see. */
const IMAGE_SIGNATURES: readonly (readonly [mediaType: string, isOne: (head: string) => boolean])[] = [
  ['image/png', (head) => head.startsWith('\x89PNG\r\n\x1a\n')],
  ['image/jpeg', (head) => head.startsWith('\xff\xd8\xff')],
  ['image/gif', (head) => head.startsWith('GIF87a') || head.startsWith('GIF89a')],
  ['image/webp', (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP'],
];

/** The media type of an image that a model can be shown, by its first bytes; nothing for anything else. The name of a file is its program's word, its bytes are not. */
export function imageMediaType(content: Uint8Array): string | undefined {
  const head = Buffer.from(content.subarray(0, 12)).toString('latin1');
  return IMAGE_SIGNATURES.find(([, isOne]) => isOne(head))?.[0];
}
