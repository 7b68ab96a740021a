import { RemoteFailure } from '@sandport/provider-kit';
import { describe, expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

const toFailure = (kind: 'unreadable' | 'unreachable', code: string): RemoteFailure =>
  new RemoteFailure({ action: 'read', kind, code }, 'test');

async function* pieces(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}

async function linesOf(body: AsyncIterable<Uint8Array>, mostBytes = 100, silenceMs = 1000): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(body, { mostBytes, silenceMs, toFailure })) lines.push(line);
  return lines;
}

describe('lines', () => {
  test('are put together, wherever they are cut', async () => {
    const text = Buffer.from('one\n\ntwo 🦊\nthree\n');
    const bytes = Array.from(text, (_, index) => text.subarray(index, index + 1));
    expect(await linesOf(pieces(...bytes))).toEqual(['one', '', 'two 🦊', 'three']);
    expect(await linesOf(pieces(text))).toEqual(['one', '', 'two 🦊', 'three']);
    expect(await linesOf(pieces())).toEqual([]);
  });

  test.each([
    ['an end within a line', ['one\ntw'], 'HALF_A_LINE'],
    ['a long line', ['x'.repeat(60), 'x'.repeat(60)], 'LINE_TOO_LONG'],
    ['a long line that is whole', [`${'x'.repeat(101)}\n`], 'LINE_TOO_LONG'],
    ['what is no text', [new Uint8Array([0xff, 0x0a])], 'NOT_TEXT'],
  ])('with %s are not taken', async (_name, texts, code) => {
    await expect(linesOf(pieces(...texts))).rejects.toMatchObject({ facts: { kind: 'unreadable', code } });
  });

  test('that do not come are not waited for without end, but a slow reader costs nothing', async () => {
    const silent = (async function* body() {
      yield Buffer.from('one\n');
      await new Promise(() => undefined);
    })();
    await expect(linesOf(silent, 100, 50)).rejects.toMatchObject({ facts: { kind: 'unreachable', code: 'SILENT' } });
    const lines = readLines(pieces('one\n', 'two\n'), { mostBytes: 100, silenceMs: 50, toFailure });
    await lines.next();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await lines.next()).toEqual({ done: false, value: 'two' });
  });
});
