import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { readExecution, type ExecutionEvent } from './execution-stream.ts';

async function* piecesOf(text: string, pieceBytes = 1): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield Promise.resolve(bytes.subarray(at, at + pieceBytes));
}

async function read(text: string, pieceBytes?: number): Promise<ExecutionEvent[]> {
  const events: ExecutionEvent[] = [];
  for await (const event of readExecution(piecesOf(text, pieceBytes))) events.push(event);
  return events;
}

const END = '{"type":"end_of_execution"}\n';

describe('readExecution', () => {
  test('puts characters and lines together from single bytes, and passes over what means nothing', async () => {
    const text = '\n{"type":"stdout","text":"größe 🦊","timestamp":1}\n{"type":"keepalive"}\n{"type":"of another year","a":[1]}\n\n';
    expect(await read(text + END)).toEqual([{ type: 'stdout', text: 'größe 🦊', timestamp: 1 }, { type: 'end_of_execution' }]);
  });

  test('reads nothing behind the end', async () => {
    expect(await read(`${END}<html>`)).toEqual([{ type: 'end_of_execution' }]);
  });

  test.each(['', '{"type":"stdout","text":"a"}\n', '{"type":"keepalive"}\n'])(
    'takes an end without its word for a cut: %j',
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({ facts: { kind: 'unreachable', code: 'ENDED_EARLY' } });
    },
  );

  test.each(['<html>\n', '{"type":"stdout"}\n', '[]\n{', '{"type":"stdout","text":'])(
    'refuses what is no such stream: %j',
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({ facts: { kind: 'unreadable' } });
    },
  );

  test('keeps no line of any length', async () => {
    const endless = `{"type":"stdout","text":"${'a'.repeat(33 * 1024 * 1024)}"}\n${END}`;
    await expect(read(endless, 1024 * 1024)).rejects.toMatchObject({ facts: { kind: 'unreadable' } });
  });
});
