// @ts-check
/** Files of the work folder, as the host writes and reads them. No link is followed. */
import { CHUNK_BYTES, FRAME } from './frames.mjs';
import { MemoryDirectory, MemoryFile } from './memory-entries.mjs';
import { ERRNO, refuse, WasiError } from './wasi-constants.mjs';

/** @import { HostChannel } from './host-channel.mjs' */
/** @import { MemoryFileSystem } from './memory-file-system.mjs' */

const APPEND = 1;
const LAST = 2;
const FOR_JOB = 4;
const HEAD_BYTES = 3;

/** Numbers of Linux, which the host knows, for those of WASI. */
const HOST_ERRNO = new Map([
  [ERRNO.notFound, [2, 'No such file or directory']],
  [ERRNO.notDirectory, [20, 'Not a directory']],
  [ERRNO.isDirectory, [21, 'Is a directory']],
  [ERRNO.noSpace, [28, 'No space left on device']],
  [ERRNO.readOnly, [30, 'Read-only file system']],
  [ERRNO.loop, [40, 'Too many levels of symbolic links']],
  [ERRNO.nameTooLong, [36, 'File name too long']],
]);

export class WorkFiles {
  #files;
  #root;
  #channel;
  /** @type {{ path: string, errno: number, reason: string } | null} */
  #failure = null;
  /** A file of the job that comes could not be written: the job must not start. */
  isJobRefused = false;

  /** @param {MemoryFileSystem} files @param {MemoryDirectory} root @param {HostChannel} channel */
  constructor(files, root, channel) {
    this.#files = files;
    this.#root = root;
    this.#channel = channel;
  }

  /** One piece of a file that the host writes. @param {Buffer} payload */
  takePiece(payload) {
    const flags = payload.readUInt8(0);
    const pathEnd = HEAD_BYTES + payload.readUInt16BE(1);
    const path = payload.toString('utf8', HEAD_BYTES, pathEnd);
    const isFirst = (flags & APPEND) === 0;
    if (isFirst) this.#failure = null;
    if (this.#failure === null) this.#failure = attempt(path, () => this.#write(path, payload.subarray(pathEnd), isFirst));
    if (this.#failure !== null && (flags & FOR_JOB) !== 0) this.isJobRefused = true;
    if ((flags & LAST) !== 0) this.#channel.sendJson(FRAME.acknowledge, { path, failure: this.#failure });
  }

  /** Sends a file as fast as the host takes it. @param {Buffer} payload */
  give(payload) {
    let creditBytes = payload.readUInt32BE(0);
    const path = payload.toString('utf8', 4);
    /** @type {Uint8Array} */
    let rest = new Uint8Array(0);
    const failure = attempt(path, () => {
      rest = this.#regularFile(path).content;
    });
    this.#channel.sendJson(FRAME.fileStart, { path, sizeBytes: rest.byteLength, failure });
    while (rest.byteLength > 0) {
      const piece = rest.subarray(0, Math.min(CHUNK_BYTES, creditBytes));
      if (piece.byteLength > 0) this.#channel.send(FRAME.fileData, piece);
      rest = rest.subarray(piece.byteLength);
      creditBytes -= piece.byteLength;
      if (rest.byteLength === 0 || creditBytes > 0) continue;
      const frame = this.#channel.receive();
      if (frame.type === FRAME.readMore) creditBytes += frame.payload.readUInt32BE(0);
      else if (frame.type === FRAME.readStop) break;
      else throw new Error(`The host sent "${frame.type}" while it read a file.`);
    }
    this.#channel.send(FRAME.fileEnd, new Uint8Array(0));
  }

  /** @param {string} path @param {Uint8Array} piece @param {boolean} isFirst */
  #write(path, piece, isFirst) {
    const file = isFirst ? this.#fileToWrite(path) : this.#regularFile(path);
    if (isFirst) this.#files.resize(file, 0);
    this.#files.write(file, file.size, piece);
  }

  /** @param {string} path */
  #fileToWrite(path) {
    const names = path.split('/');
    const last = names.pop() ?? refuse(ERRNO.notFound);
    let folder = this.#root;
    for (const name of names) {
      const entry = folder.entries.get(name) ?? this.#files.createDirectory({ parent: folder, name, entry: undefined });
      folder = entry instanceof MemoryDirectory ? entry : refuse(ERRNO.notDirectory);
    }
    const entry = folder.entries.get(last) ?? this.#files.createFile({ parent: folder, name: last, entry: undefined });
    return regular(entry);
  }

  /** @param {string} path */
  #regularFile(path) {
    /** @type {import('./memory-entries.mjs').MemoryEntry} */
    let entry = this.#root;
    for (const name of path.split('/')) {
      if (!(entry instanceof MemoryDirectory)) refuse(ERRNO.notDirectory);
      entry = entry.entries.get(name) ?? refuse(ERRNO.notFound);
    }
    return regular(entry);
  }
}

/** @param {import('./memory-entries.mjs').MemoryEntry} entry */
function regular(entry) {
  if (entry instanceof MemoryFile) return entry;
  return refuse(entry instanceof MemoryDirectory ? ERRNO.isDirectory : ERRNO.loop);
}

/** @param {string} path @param {() => void} act */
function attempt(path, act) {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
    const [errno, reason] = HOST_ERRNO.get(/** @type {any} */ (error.errno)) ?? [5, 'Input/output error'];
    return { path, errno: Number(errno), reason: String(reason) };
  }
}
