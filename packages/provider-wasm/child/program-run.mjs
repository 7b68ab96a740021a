// @ts-check
/** One program: takes its job from the host, passes on what it writes, counts that, and says how it ended and what it left. */
import { sendArtifacts } from './artifact-collector.mjs';
import { CHUNK_BYTES, FRAME } from './frames.mjs';
import { HostGone } from './host-channel.mjs';
import { GuestExit } from './guest-exit.mjs';

/** @import { HostChannel, HostFrame } from './host-channel.mjs' */
/** @import { MemoryFileSystem } from './memory-file-system.mjs' */
/** @import { WorkFiles } from './work-files.mjs' */

/** A report is a value of at most `valueBytes`, or an error; this much more is framing and error text. */
const REPORT_SLACK_BYTES = 1024 * 1024;
const ARTIFACT_FOLDER = '/workspace/artifacts';
const NO_BYTES = new Uint8Array(0);

/** A stream of the program has reached its limit. */
class OutputLimitReached extends Error {}

/**
 * @typedef {object} JobLimits
 * @property {number} outputBytes
 * @property {number} valueBytes
 * @property {number} artifactCount
 * @property {number} artifactBytes
 * @property {number} artifactTotalBytes
 * @property {number} artifactDepth
 * @property {boolean} stdin whether input follows
 *
 * @typedef {object} ProgramEnd how the program ended, as this process saw it
 * @property {number | null} exitCode
 * @property {string | null} signal
 */

export class ProgramRun {
  #channel;
  #files;
  #workFiles;
  #greet;
  /** @type {JobLimits | null} */
  #limits = null;
  /** @type {Uint8Array} */
  #input = NO_BYTES;
  #hasInputEnded = true;
  #sent = { stdout: 0, stderr: 0 };
  /** @type {'stdout' | 'stderr' | null} */
  #exceeded = null;
  /** @type {Uint8Array[]} */
  #report = [];
  #reportBytes = 0;
  #startedAt = 0;

  /** @param {{ channel: HostChannel, files: MemoryFileSystem, workFiles: WorkFiles, greet: () => void }} parts */
  constructor({ channel, files, workFiles, greet }) {
    this.#channel = channel;
    this.#files = files;
    this.#workFiles = workFiles;
    this.#greet = greet;
  }

  /** Says that the program can begin and waits for what it is. Files are written and read meanwhile. */
  takeJob() {
    this.#greet();
    for (;;) {
      const frame = this.#channel.receive();
      if (frame.type !== FRAME.job) {
        this.#serve(frame);
      } else if (this.#workFiles.isJobRefused) {
        // The host has been told which file is to blame.
        this.#workFiles.isJobRefused = false;
        this.#channel.sendJson(FRAME.done, { omitted: [], collectMs: 0 });
      } else {
        const headerEnd = 4 + frame.payload.readUInt32BE(0);
        this.#limits = JSON.parse(frame.payload.toString('utf8', 4, headerEnd));
        this.#hasInputEnded = this.#limits?.stdin !== true;
        this.#channel.send(FRAME.started, NO_BYTES);
        this.#startedAt = performance.now();
        return frame.payload.subarray(headerEnd);
      }
    }
  }

  /** Waits for input of the program. @param {Uint8Array} room */
  readInput(room) {
    while (this.#input.byteLength === 0 && !this.#hasInputEnded) {
      const { type, payload } = this.#channel.receive();
      if (type === FRAME.input) this.#input = payload;
      else if (type === FRAME.inputEnd) this.#hasInputEnded = true;
      else if (type === FRAME.kill) throw new HostGone('it wants nothing more');
    }
    const piece = this.#input.subarray(0, room.byteLength);
    room.set(piece);
    this.#input = this.#input.subarray(piece.byteLength);
    if (piece.byteLength > 0) {
      const credit = Buffer.alloc(4);
      credit.writeUInt32BE(piece.byteLength);
      this.#channel.send(FRAME.inputCredit, credit);
    }
    return piece.byteLength;
  }

  /** Nobody will read the input any more. */
  closeInput() {
    if (this.#hasInputEnded && this.#input.byteLength === 0) return;
    this.#input = NO_BYTES;
    this.#hasInputEnded = true;
    this.#channel.send(FRAME.inputClosed, NO_BYTES);
  }

  /** Passes output on, and ends the program at its limit. @param {'stdout' | 'stderr'} stream @param {Uint8Array} bytes */
  writeOutput(stream, bytes) {
    // What an interpreter says before it has a job is for nobody.
    if (this.#limits === null || this.#exceeded !== null) return;
    const room = this.#limits.outputBytes - this.#sent[stream];
    const piece = bytes.subarray(0, room);
    this.#sent[stream] += piece.byteLength;
    const type = stream === 'stdout' ? FRAME.stdout : FRAME.stderr;
    for (let at = 0; at < piece.byteLength; at += CHUNK_BYTES) this.#channel.send(type, piece.subarray(at, at + CHUNK_BYTES));
    if (bytes.byteLength <= room) return;
    this.#exceeded = stream;
    throw new OutputLimitReached();
  }

  /** @param {Uint8Array} bytes */
  writeReport(bytes) {
    this.#reportBytes += bytes.byteLength;
    // What is too long is no report; a byte more than allowed makes the host see that.
    if (this.#reportBytes <= (this.#limits?.valueBytes ?? 0) + REPORT_SLACK_BYTES) this.#report.push(bytes.slice());
  }

  /**
   * Runs the program to its end, and tells the host. What is not the program's doing is thrown.
   *
   * @param {() => void} run
   * @param {() => number} memoryRefusals
   */
  carryOut(run, memoryRefusals) {
    const { end, outOfMemory } = this.#endOf(run, memoryRefusals);
    for (const bytes of this.#report)
      for (let at = 0; at < bytes.byteLength; at += CHUNK_BYTES) this.#channel.send(FRAME.report, bytes.subarray(at, at + CHUNK_BYTES));
    const { refusals } = this.#files;
    this.#channel.sendJson(FRAME.exited, {
      ...end,
      contextLives: false,
      outputLimit: this.#exceeded,
      outOfMemory,
      limits: refusals > 0 ? [{ limit: 'disk', source: 'file-system', count: refusals }] : [],
      runMs: performance.now() - this.#startedAt,
    });
    const collectingAt = performance.now();
    const limits = /** @type {JobLimits} */ (this.#limits);
    const omitted = sendArtifacts(this.#artifactFolder(), limits, this.#channel);
    this.#channel.sendJson(FRAME.done, { omitted, collectMs: performance.now() - collectingAt });
  }

  /** After the program, its files are still there to be read. */
  serveFiles() {
    for (;;) this.#serve(this.#channel.receive());
  }

  /** @param {HostFrame} frame */
  #serve({ type, payload }) {
    if (type === FRAME.writeFile) this.#workFiles.takePiece(payload);
    else if (type === FRAME.readFile) this.#workFiles.give(payload);
    else if (type === FRAME.kill) throw new HostGone('it wants nothing more');
    else if (!PASSED_OVER.has(type)) throw new Error(`The host sent "${type}", which is not expected here.`);
  }

  /** @param {() => void} run @param {() => number} memoryRefusals */
  #endOf(run, memoryRefusals) {
    try {
      run();
      return { end: { exitCode: 0, signal: null }, outOfMemory: null };
    } catch (error) {
      const kills = memoryRefusals();
      const outOfMemory = kills > 0 ? { source: 'wasm-memory-gate', kills } : null;
      if (outOfMemory !== null || error instanceof OutputLimitReached) return { end: { exitCode: null, signal: 'SIGKILL' }, outOfMemory };
      if (error instanceof GuestExit) return { end: { exitCode: error.exitCode, signal: null }, outOfMemory };
      if (error instanceof WebAssembly.RuntimeError) return { end: { exitCode: null, signal: 'SIGABRT' }, outOfMemory };
      // V8 says of WebAssembly that ran out of stack what it says of JavaScript.
      if (error instanceof RangeError) return { end: { exitCode: null, signal: 'SIGSEGV' }, outOfMemory };
      throw error;
    }
  }

  #artifactFolder() {
    const { entry } = this.#files.locate(this.#files.root, ARTIFACT_FOLDER, { followsLast: false });
    return entry;
  }
}

/** Of a program that has ended, or a file that was read. */
const PASSED_OVER = new Set(/** @type {string[]} */ ([FRAME.input, FRAME.inputEnd, FRAME.readMore, FRAME.readStop]));
