import { describe, expect, test } from 'vitest';
import { toBase64 } from '../program/to-base64.ts';
import { previewOf } from './artifact-preview.ts';

const artifact = (mediaType: string, content: string | Uint8Array) => ({
  path: 'a',
  mediaType,
  sizeBytes: content.length,
  content: toBase64(typeof content === 'string' ? new TextEncoder().encode(content) : content),
});

describe('previewOf', () => {
  test.each(['image/png', 'image/jpeg', 'IMAGE/GIF; x=y', 'image/webp'])('shows points: %s', (mediaType) => {
    expect(previewOf(artifact(mediaType, 'x')).kind).toBe('image');
  });

  test.each([
    'image/svg+xml',
    'text/html',
    'application/xhtml+xml',
    'text/xml',
    'application/pdf',
    'text/javascript',
    'image/png+xml',
    '',
    'x',
  ])('shows nothing that could do something: %s', (mediaType) => {
    expect(previewOf(artifact(mediaType, '<script>alert(1)</script>'))).toEqual({ kind: 'none' });
  });

  test('shows text, cut', () => {
    expect(previewOf(artifact('text/plain; charset=utf-8', 'größer'))).toEqual({ kind: 'text', text: 'größer', isCut: false });
    const long = previewOf(artifact('application/json', 'x'.repeat(60_000)));
    expect(long.kind === 'text' && [long.text.length, long.isCut]).toEqual([50_000, true]);
  });

  test('shows no bytes as text', () => {
    expect(previewOf(artifact('text/plain', Uint8Array.of(0xff, 0xfe, 0xfd)))).toEqual({ kind: 'none' });
  });

  test.each<[string, string, string[][]]>([
    [
      'text/csv',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'text/csv',
      'a,b\r\n"x, ""y""\nz",',
      [
        ['a', 'b'],
        ['x, "y"\nz', ''],
      ],
    ],
    ['text/csv', 'one', [['one']]],
    ['text/csv', 'a"b,c', [['a"b', 'c']]],
    ['text/csv', '', []],
    ['text/tab-separated-values', 'a\tb,c', [['a', 'b,c']]],
  ])('shows a table: %s %j', (mediaType, text, rows) => {
    expect(previewOf(artifact(mediaType, text))).toEqual({ kind: 'table', rows, isCut: false });
  });

  test('shows the beginning of a large table', () => {
    const long = previewOf(artifact('text/csv', 'a,b\n'.repeat(300)));
    expect(long.kind === 'table' && [long.rows.length, long.isCut]).toEqual([200, true]);
    const wide = previewOf(artifact('text/csv', Array.from({ length: 60 }, (_, index) => index).join(',')));
    expect(wide.kind === 'table' && [wide.rows[0]?.length, wide.isCut]).toEqual([40, true]);
  });
});
