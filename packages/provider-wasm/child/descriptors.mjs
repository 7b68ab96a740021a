// @ts-check
/** What a number of the program's stands for: files and folders in memory, streams of ours. */
import { DESCRIPTOR_FLAG, ERRNO, FILE_TYPE, refuse, WHENCE } from './wasi-constants.mjs';
import { MemoryDevice, MemoryDirectory, MemoryLink } from './memory-entries.mjs';

/** @import { MemoryEntry, MemoryFile } from './memory-entries.mjs' */
/** @import { MemoryFileSystem } from './memory-file-system.mjs' */

/**
 * A descriptor that is no file in memory.
 *
 * @typedef {object} Stream
 * @property {(room: Uint8Array) => number} [read] fills what it can and waits until that is something; 0 is the end
 * @property {(bytes: Uint8Array) => void} [write] takes everything
 * @property {() => void} [close]
 */

const FIRST_FREE = 3;

export class StreamDescriptor {
  /** @param {Stream} stream */
  constructor(stream) {
    this.stream = stream;
  }

  flags = 0;
  fileType = FILE_TYPE.character;

  /** @param {Uint8Array} room */
  read(room) {
    return this.stream.read === undefined ? refuse(ERRNO.badDescriptor) : this.stream.read(room);
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    if (this.stream.write === undefined) refuse(ERRNO.badDescriptor);
    this.stream.write(bytes);
  }

  close() {
    this.stream.close?.();
  }
}

export class DirectoryDescriptor {
  /** @param {MemoryDirectory} directory @param {string | null} mountedAs its name when it was open from the start */
  constructor(directory, mountedAs = null) {
    this.directory = directory;
    this.mountedAs = mountedAs;
  }

  flags = 0;
  fileType = FILE_TYPE.directory;
  /** What a listing that has begun goes on with. @type {[string, MemoryEntry][] | null} */
  listing = null;

  get entry() {
    return this.directory;
  }

  close() {
    this.listing = null;
  }
}

export class FileDescriptor {
  #files;
  offset = 0;
  fileType = FILE_TYPE.regular;

  /** @param {MemoryFileSystem} files @param {MemoryFile} file @param {number} flags */
  constructor(files, file, flags) {
    this.#files = files;
    this.file = file;
    this.flags = flags;
    file.openCount += 1;
  }

  get entry() {
    return this.file;
  }

  /** @param {Uint8Array} room */
  read(room) {
    const count = this.readAt(this.offset, room);
    this.offset += count;
    return count;
  }

  /** @param {number} offset @param {Uint8Array} room */
  readAt(offset, room) {
    const piece = this.file.content.subarray(offset, offset + room.byteLength);
    room.set(piece);
    return piece.byteLength;
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    if ((this.flags & DESCRIPTOR_FLAG.append) !== 0) this.offset = this.file.size;
    this.writeAt(this.offset, bytes);
    this.offset += bytes.byteLength;
  }

  /** @param {number} offset @param {Uint8Array} bytes */
  writeAt(offset, bytes) {
    this.#files.write(this.file, offset, bytes);
  }

  /** @param {bigint} distance @param {number} whence */
  seek(distance, whence) {
    const from = { [WHENCE.start]: 0, [WHENCE.current]: this.offset, [WHENCE.end]: this.file.size }[whence];
    if (from === undefined) refuse(ERRNO.invalid);
    const offset = from + Number(distance);
    if (offset < 0 || !Number.isSafeInteger(offset)) refuse(ERRNO.invalid);
    this.offset = offset;
    return offset;
  }

  close() {
    this.#files.letGo(this.file);
  }
}

/** @typedef {StreamDescriptor | DirectoryDescriptor | FileDescriptor} Descriptor */

/** The numbers of one program. */
export class DescriptorTable {
  /** @type {Map<number, Descriptor>} */
  #open = new Map();
  #mostOpen;

  /** @param {number} mostOpen */
  constructor(mostOpen) {
    this.#mostOpen = mostOpen;
  }

  /** @param {number} number @param {Descriptor} descriptor */
  set(number, descriptor) {
    this.#open.set(number, descriptor);
  }

  /** Gives the lowest number that is free. @param {Descriptor} descriptor */
  add(descriptor) {
    if (this.#open.size >= this.#mostOpen) {
      descriptor.close();
      refuse(ERRNO.tooManyOpen);
    }
    let number = FIRST_FREE;
    while (this.#open.has(number)) number += 1;
    this.#open.set(number, descriptor);
    return number;
  }

  /** @param {number} number @returns {Descriptor} */
  get(number) {
    return this.#open.get(number) ?? refuse(ERRNO.badDescriptor);
  }

  /** @param {number} number */
  directory(number) {
    const descriptor = this.get(number);
    return descriptor instanceof DirectoryDescriptor ? descriptor : refuse(ERRNO.notDirectory);
  }

  /** @param {number} number */
  file(number) {
    const descriptor = this.get(number);
    if (descriptor instanceof FileDescriptor) return descriptor;
    return refuse(descriptor instanceof DirectoryDescriptor ? ERRNO.isDirectory : ERRNO.illegalSeek);
  }

  /** @param {number} number */
  close(number) {
    const descriptor = this.get(number);
    this.#open.delete(number);
    descriptor.close();
  }

  /** The file that `from` was becomes `to`. @param {number} from @param {number} to */
  renumber(from, to) {
    const descriptor = this.get(from);
    if (from === to) return;
    this.#open.get(to)?.close();
    this.#open.delete(from);
    this.#open.set(to, descriptor);
  }
}

/** @param {MemoryEntry} entry */
export function fileTypeOf(entry) {
  if (entry instanceof MemoryDirectory) return FILE_TYPE.directory;
  if (entry instanceof MemoryDevice) return FILE_TYPE.character;
  return entry instanceof MemoryLink ? FILE_TYPE.symbolicLink : FILE_TYPE.regular;
}
