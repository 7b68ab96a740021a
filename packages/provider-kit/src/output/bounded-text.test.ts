import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { BoundedText } from './bounded-text.ts';

function collect(limitBytes: number, chunks: readonly Uint8Array[], cut = false): { text: string; truncated: boolean; pieces: string[] } {
  const bounded = new BoundedText(limitBytes);
  const pieces = [...chunks.map((chunk) => bounded.append(chunk)), bounded.finish(cut)];
  return { text: bounded.toString(), truncated: bounded.truncated, pieces };
}

describe('BoundedText', () => {
  it('joins a character that arrives in pieces', () => {
    const bytes = Buffer.from('a漢b');
    const { text, pieces } = collect(100, [bytes.subarray(0, 2), bytes.subarray(2, 3), bytes.subarray(3)]);
    expect(text).toBe('a漢b');
    expect(pieces).toEqual(['a', '', '漢b', '']);
  });

  it.each([
    [4, 'a漢', false],
    [3, 'a', true],
    [2, 'a', true],
    [1, 'a', true],
  ])('cuts at %i bytes without splitting a character', (limitBytes, text, truncated) => {
    expect(collect(limitBytes, [Buffer.from('a漢')])).toMatchObject({ text, truncated });
  });

  it('shows a replacement for what the program left open, but not for what the limit cut', () => {
    const open = Buffer.from('漢').subarray(0, 2);
    expect(collect(100, [open]).text).toBe('\uFFFD');
    expect(collect(100, [open], true)).toMatchObject({ text: '', truncated: true });
  });

  it('replaces bytes that are not UTF-8 and keeps a byte order mark', () => {
    expect(collect(100, [Buffer.from([0x61, 0xff, 0x62])]).text).toBe('a\uFFFDb');
    expect(collect(100, [Buffer.from('\uFEFFx')]).text).toBe('\uFEFFx');
  });

  it('says that it was truncated when exactly one byte too much arrives', () => {
    expect(collect(3, [Buffer.from('abc')]).truncated).toBe(false);
    expect(collect(3, [Buffer.from('abc'), Buffer.from('d')])).toMatchObject({ text: 'abc', truncated: true });
  });
});
