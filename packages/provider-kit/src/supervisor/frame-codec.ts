import { Buffer } from 'node:buffer';

/** Version of the protocol between host and supervisor; `guest/frames.py` names the same. */
export const PROTOCOL_VERSION = 2;

/** Type bytes of the frames, as in `guest/frames.py`. */
export const FRAME = {
  writeFile: 'W',
  readFile: 'R',
  readMore: 'M',
  readStop: 'U',
  job: 'J',
  input: 'I',
  inputEnd: 'Z',
  kill: 'K',
  interrupt: 'N',
  openContext: 'B',
  closeContext: 'Q',
  lifetime: 'L',
  token: 'T',
  hello: 'H',
  acknowledge: 'A',
  started: 'S',
  stdout: 'O',
  stderr: 'E',
  report: 'V',
  exited: 'X',
  fileStart: 'F',
  fileData: 'f',
  fileEnd: 'e',
  done: 'D',
  inputCredit: 'c',
  inputClosed: 'z',
  context: 'b',
  lifetimeSet: 'l',
  takenOver: 't',
} as const;

/** One message: a type byte and its payload. */
export interface Frame {
  readonly type: string;
  readonly payload: Buffer;
}

const HEADER_BYTES = 5;

/** Frames of ours carry one byte more, after the type, that tells one connection from the next. */
const OWN_HEADER_BYTES = 6;
const EPOCH_OFFSET = 1;

/** Longest frame that a supervisor sends: a chunk of output or file, or a JSON message. */
const MAX_INCOMING_BYTES = 4 * 1024 * 1024;

/** A frame of ours as bytes, of the first connection; {@link setEpoch} makes it one of another. */
export function encodeFrame(type: string, ...payload: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(OWN_HEADER_BYTES);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(
    payload.reduce((sum, part) => sum + part.byteLength, 0),
    EPOCH_OFFSET + 1,
  );
  return Buffer.concat([header, ...payload]);
}

/** Says to which connection of a sandbox a frame belongs: the supervisor passes over what a former one still says. */
export function setEpoch(frame: Uint8Array, epoch: number): void {
  frame[EPOCH_OFFSET] = epoch;
}

/** The other side does not keep to the protocol. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Cuts a byte stream into frames. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /**
   * Takes bytes and gives the frames that they complete.
   *
   * @throws FrameError when a frame is longer than the protocol allows.
   */
  *push(chunk: Buffer): Generator<Frame, void, undefined> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let frame = this.#cut(); frame !== undefined; frame = this.#cut()) yield frame;
  }

  #cut(): Frame | undefined {
    if (this.#bytes < HEADER_BYTES) return undefined;
    const length = this.#peekLength();
    if (length > MAX_INCOMING_BYTES) throw new FrameError(`a frame of ${length} bytes`);
    const total = HEADER_BYTES + length;
    if (this.#bytes < total) return undefined;
    const all = this.#joined();
    this.#chunks = all.length > total ? [all.subarray(total)] : [];
    this.#bytes -= total;
    return { type: all.toString('latin1', 0, 1), payload: all.subarray(HEADER_BYTES, total) };
  }

  #peekLength(): number {
    const first = this.#chunks[0];
    return (first !== undefined && first.length >= HEADER_BYTES ? first : this.#joined()).readUInt32BE(1);
  }

  #joined(): Buffer {
    const [only, ...others] = this.#chunks;
    const all = only !== undefined && others.length === 0 ? only : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
