import { Buffer } from 'node:buffer';

/** Reads a stream of a file to its end; Node 20 has no `Array.fromAsync`. */
export async function readPieces(stream: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return pieces;
}
