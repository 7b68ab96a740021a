// @ts-check
/** Frames between the host and this process, as in provider-kit's `supervision/frame-codec.ts`. */

export const PROTOCOL_VERSION = 2;

export const FRAME = /** @type {const} */ ({
  writeFile: 'W',
  readFile: 'R',
  readMore: 'M',
  readStop: 'U',
  job: 'J',
  input: 'I',
  inputEnd: 'Z',
  kill: 'K',
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
});

/** Of one frame of output, of a report or of a file. */
export const CHUNK_BYTES = 256 * 1024;
