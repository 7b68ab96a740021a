import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { artifactContent } from './artifact-content.ts';

const limits = { characters: 10, bytes: 100 };
const PNG = Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1');

function contentOf(mediaType: string, content: Uint8Array, offset = 0) {
  const artifact = { path: 'a "b"/ü', mediaType, sizeBytes: content.byteLength, content };
  return artifactContent('artifact-1', artifact, offset, limits);
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

describe('what a model reads', () => {
  test.each(['text/plain', 'text/csv', 'application/json', 'image/svg+xml', 'application/ld+json'])('of %s is text', (mediaType) => {
    expect(contentOf(mediaType, bytesOf('äöü'))).toEqual([{ type: 'text', text: 'äöü' }]);
  });

  test('of a long text is a part, which says how to go on', () => {
    expect(contentOf('text/plain', bytesOf('0123456789abc'))).toEqual([
      { type: 'text', text: '0123456789\n[… 3 characters more; read on with "offset": 10 …]' },
    ]);
    expect(contentOf('text/plain', bytesOf('0123456789abc'), 10)).toEqual([{ type: 'text', text: 'abc' }]);
    expect(contentOf('text/plain', bytesOf('abc'), 1_000_000)).toEqual([{ type: 'text', text: '' }]);
  });

  test('of an image is the image, whatever its name says', () => {
    for (const mediaType of ['image/png', 'application/octet-stream', 'image/jpeg']) {
      expect(contentOf(mediaType, PNG)).toEqual([{ type: 'image', data: PNG.toString('base64'), mimeType: 'image/png' }]);
    }
  });

  test('of something that is called an image or a text and is neither is bytes', () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x00]);
    for (const mediaType of ['image/png', 'text/html']) {
      expect(contentOf(mediaType, bytes)).toEqual([
        {
          type: 'resource',
          resource: { uri: 'sandport-artifact:artifact-1/a%20%22b%22%2F%C3%BC', mimeType: 'application/octet-stream', blob: '//4A' },
        },
      ]);
    }
  });

  test('of something large is its size', () => {
    expect(contentOf('application/zip', new Uint8Array(101))).toEqual([
      { type: 'text', text: 'This file has 101 bytes; 100 can be read at most.' },
    ]);
  });
});
