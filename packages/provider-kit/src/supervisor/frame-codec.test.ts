import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameDecoder, FrameError, setEpoch } from './frame-codec.ts';

/** A frame as a supervisor sends it: without the byte that tells connections apart. */
function fromSupervisor(type: string, payload: Buffer): Buffer {
  const frame = encodeFrame(type, payload);
  return Buffer.concat([frame.subarray(0, 1), frame.subarray(2)]);
}

function decode(bytes: Buffer, chunkBytes: number): [string, string][] {
  const decoder = new FrameDecoder();
  const frames: [string, string][] = [];
  for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
    for (const frame of decoder.push(bytes.subarray(offset, offset + chunkBytes))) frames.push([frame.type, frame.payload.toString()]);
  }
  return frames;
}

describe('frames', () => {
  const frames: [string, string][] = [
    ['O', 'some output'],
    ['S', ''],
    ['V', '漢字'.repeat(100)],
    ['D', '{}'],
  ];
  const bytes = Buffer.concat(frames.map(([type, text]) => fromSupervisor(type, Buffer.from(text))));

  it.each([1, 2, 3, 5, 7, 64, 10_000])('are the same however the stream is cut (%i bytes at a time)', (chunkBytes) => {
    expect(decode(bytes, chunkBytes)).toEqual(frames);
  });

  it('wait for the rest of an unfinished frame', () => {
    expect(decode(bytes.subarray(0, -1), 10_000)).toEqual(frames.slice(0, -1));
  });

  it('of ours say to which connection they belong', () => {
    const frame = encodeFrame('K', Buffer.from('text'));
    setEpoch(frame, 7);
    expect([...frame]).toEqual([0x4b, 7, 0, 0, 0, 4, ...Buffer.from('text')]);
  });

  it('are refused when they are longer than the protocol allows, before anything is kept for them', () => {
    const header = Buffer.from([0x4f, 0x7f, 0xff, 0xff, 0xff]);
    expect(() => [...new FrameDecoder().push(header)]).toThrow(FrameError);
  });
});
