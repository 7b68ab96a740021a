// @ts-check
/**
 * The functions that a program of WASI preview 1 calls, and all that it can reach: numbers and bytes of its own memory go in and out, and nothing of
 * this process does.
 */
import { DirectoryDescriptor, FileDescriptor, fileTypeOf, StreamDescriptor } from './descriptors.mjs';
import { GuestMemory } from './guest-memory.mjs';
import { MemoryDevice, MemoryDirectory, MemoryFile, MemoryLink } from './memory-file-system.mjs';
import { CLOCK, DESCRIPTOR_FLAG, ERRNO, EVENT, LOOKUP_FLAG, OPEN_FLAG, refuse, TIME_FLAG, WasiError } from './wasi-constants.mjs';

/** @import { DescriptorTable } from './descriptors.mjs' */
/** @import { MemoryEntry, MemoryFileSystem } from './memory-file-system.mjs' */

/** The program has ended itself. */
export class GuestExit extends Error {
  /** @param {number} exitCode */
  constructor(exitCode) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;
const RANDOM_CHUNK_BYTES = 65_536;
const CLOCK_RESOLUTION_NS = 1_000n;
const ABSOLUTE_TIME = 1;
/** While a program sleeps, how often it is looked whether anybody still waits for it. */
const LONGEST_NAP_MS = 500;
const NAP_CELL = new Int32Array(new SharedArrayBuffer(4));

/**
 * What the functions work on.
 *
 * @typedef {object} HostParts
 * @property {MemoryFileSystem} files
 * @property {DescriptorTable} descriptors
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} environment
 * @property {() => void} onNap called again and again while the program sleeps; it may throw
 */

export class WasiHost {
  #parts;
  #memory = new GuestMemory();
  #utf8 = new TextEncoder();

  /** @param {HostParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** The memory of the program, once there is one. @param {WebAssembly.Memory} memory */
  attach(memory) {
    this.#memory.attach(memory);
  }

  /** What a module of WASI preview 1 imports. What is refused is told to the program by its number; what is ours passes through. */
  get imports() {
    /** @type {Record<string, (...args: any[]) => number>} */
    const functions = {};
    for (const [name, call] of Object.entries(this.#functions())) {
      functions[name] = (...args) => {
        try {
          return call.apply(this, args) ?? ERRNO.success;
        } catch (error) {
          if (error instanceof WasiError) return error.errno;
          throw error;
        }
      };
    }
    return { wasi_snapshot_preview1: functions };
  }

  /** @returns {Record<string, (...args: any[]) => number | void>} */
  #functions() {
    return {
      ...this.#processFunctions(),
      ...this.#descriptorFunctions(),
      ...this.#transferFunctions(),
      ...this.#pathFunctions(),
      ...this.#unsupportedFunctions(),
    };
  }

  /** @returns {Record<string, (...args: any[]) => number | void>} */
  #processFunctions() {
    const { args, environment } = this.#parts;
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    return {
      args_sizes_get: (/** @type {number} */ count, /** @type {number} */ size) => this.#writeListSizes(args, count, size),
      args_get: (/** @type {number} */ pointers, /** @type {number} */ texts) => this.#writeList(args, pointers, texts),
      environ_sizes_get: (/** @type {number} */ count, /** @type {number} */ size) => this.#writeListSizes(variables, count, size),
      environ_get: (/** @type {number} */ pointers, /** @type {number} */ texts) => this.#writeList(variables, pointers, texts),
      clock_res_get: (/** @type {number} */ _clock, /** @type {number} */ result) => this.#memory.setU64(result, CLOCK_RESOLUTION_NS),
      clock_time_get: (/** @type {number} */ clock, /** @type {bigint} */ _precision, /** @type {number} */ result) =>
        this.#memory.setU64(result, timeOf(clock)),
      random_get: (/** @type {number} */ address, /** @type {number} */ size) => {
        const room = this.#memory.bytes(address, size);
        for (let at = 0; at < size; at += RANDOM_CHUNK_BYTES) crypto.getRandomValues(room.subarray(at, at + RANDOM_CHUNK_BYTES));
      },
      sched_yield: () => undefined,
      proc_exit: (/** @type {number} */ exitCode) => {
        throw new GuestExit(exitCode & 0xff);
      },
      poll_oneoff: this.#poll.bind(this),
    };
  }

  /** @returns {Record<string, (...args: any[]) => number | void>} */
  #descriptorFunctions() {
    const { descriptors, files } = this.#parts;
    return {
      fd_close: (/** @type {number} */ fd) => descriptors.close(fd),
      fd_renumber: (/** @type {number} */ from, /** @type {number} */ to) => descriptors.renumber(from, to),
      fd_fdstat_get: (/** @type {number} */ fd, /** @type {number} */ result) => {
        const { fileType, flags } = descriptors.get(fd);
        this.#memory.bytes(result, 24).fill(0);
        this.#memory.setU8(result, fileType);
        this.#memory.setU16(result + 2, flags);
        this.#memory.setU64(result + 8, ALL_RIGHTS);
        this.#memory.setU64(result + 16, ALL_RIGHTS);
      },
      fd_fdstat_set_flags: (/** @type {number} */ fd, /** @type {number} */ flags) => {
        descriptors.get(fd).flags = flags & DESCRIPTOR_FLAG.append;
      },
      fd_fdstat_set_rights: (/** @type {number} */ fd) => void descriptors.get(fd),
      fd_filestat_get: (/** @type {number} */ fd, /** @type {number} */ result) => {
        const descriptor = descriptors.get(fd);
        if (descriptor instanceof StreamDescriptor) this.#writeStat(result, null, descriptor.fileType);
        else this.#writeStat(result, descriptor.entry, descriptor.fileType);
      },
      fd_filestat_set_size: (/** @type {number} */ fd, /** @type {bigint} */ size) => files.resize(descriptors.file(fd).file, safe(size)),
      fd_filestat_set_times: (
        /** @type {number} */ fd,
        /** @type {bigint} */ accessedNs,
        /** @type {bigint} */ modifiedNs,
        /** @type {number} */ flags,
      ) => {
        const descriptor = descriptors.get(fd);
        if (!(descriptor instanceof StreamDescriptor)) setTimes(descriptor.entry, accessedNs, modifiedNs, flags);
      },
      fd_prestat_get: (/** @type {number} */ fd, /** @type {number} */ result) => {
        const { mountedAs } = mounted(descriptors, fd);
        this.#memory.setU32(result, 0);
        this.#memory.setU32(result + 4, this.#utf8.encode(mountedAs).byteLength);
      },
      fd_prestat_dir_name: (/** @type {number} */ fd, /** @type {number} */ address, /** @type {number} */ size) => {
        const name = this.#utf8.encode(mounted(descriptors, fd).mountedAs);
        this.#memory.bytes(address, size).set(name.subarray(0, size));
      },
      fd_readdir: this.#readDirectory.bind(this),
      fd_advise: (/** @type {number} */ fd) => void descriptors.get(fd),
      fd_datasync: (/** @type {number} */ fd) => void descriptors.get(fd),
      fd_sync: (/** @type {number} */ fd) => void descriptors.get(fd),
      fd_allocate: (/** @type {number} */ fd, /** @type {bigint} */ offset, /** @type {bigint} */ size) => {
        const { file } = descriptors.file(fd);
        const end = safe(offset + size);
        if (end > file.size) files.resize(file, end);
      },
    };
  }

  /** @returns {Record<string, (...args: any[]) => number | void>} */
  #transferFunctions() {
    const { descriptors } = this.#parts;
    return {
      fd_read: (/** @type {number} */ fd, /** @type {number} */ list, /** @type {number} */ count, /** @type {number} */ result) => {
        const descriptor = descriptors.get(fd);
        if (descriptor instanceof DirectoryDescriptor) refuse(ERRNO.isDirectory);
        this.#memory.setU32(
          result,
          this.#fill(list, count, (room) => descriptor.read(room)),
        );
      },
      fd_pread: (
        /** @type {number} */ fd,
        /** @type {number} */ list,
        /** @type {number} */ count,
        /** @type {bigint} */ offset,
        /** @type {number} */ result,
      ) => {
        const descriptor = descriptors.file(fd);
        let at = safe(offset);
        const total = this.#fill(list, count, (room) => {
          const read = descriptor.readAt(at, room);
          at += read;
          return read;
        });
        this.#memory.setU32(result, total);
      },
      fd_write: (/** @type {number} */ fd, /** @type {number} */ list, /** @type {number} */ count, /** @type {number} */ result) => {
        const descriptor = descriptors.get(fd);
        if (descriptor instanceof DirectoryDescriptor) refuse(ERRNO.isDirectory);
        let total = 0;
        for (const bytes of this.#pieces(list, count)) {
          if (bytes.byteLength > 0) descriptor.write(bytes);
          total += bytes.byteLength;
        }
        this.#memory.setU32(result, total);
      },
      fd_pwrite: (
        /** @type {number} */ fd,
        /** @type {number} */ list,
        /** @type {number} */ count,
        /** @type {bigint} */ offset,
        /** @type {number} */ result,
      ) => {
        const descriptor = descriptors.file(fd);
        const start = safe(offset);
        let total = 0;
        for (const bytes of this.#pieces(list, count)) {
          descriptor.writeAt(start + total, bytes);
          total += bytes.byteLength;
        }
        this.#memory.setU32(result, total);
      },
      fd_seek: (/** @type {number} */ fd, /** @type {bigint} */ distance, /** @type {number} */ whence, /** @type {number} */ result) =>
        this.#memory.setU64(result, BigInt(descriptors.file(fd).seek(distance, whence))),
      fd_tell: (/** @type {number} */ fd, /** @type {number} */ result) => this.#memory.setU64(result, BigInt(descriptors.file(fd).offset)),
    };
  }

  /** @returns {Record<string, (...args: any[]) => number | void>} */
  #pathFunctions() {
    const { files } = this.#parts;
    return {
      path_open: this.#openPath.bind(this),
      path_create_directory: (/** @type {number} */ fd, /** @type {number} */ path, /** @type {number} */ size) =>
        void files.createDirectory(this.#place(fd, path, size)),
      path_filestat_get: (
        /** @type {number} */ fd,
        /** @type {number} */ lookup,
        /** @type {number} */ path,
        /** @type {number} */ size,
        /** @type {number} */ result,
      ) => {
        const entry = this.#entry(fd, path, size, follows(lookup));
        this.#writeStat(result, entry, fileTypeOf(entry));
      },
      path_filestat_set_times: (
        /** @type {number} */ fd,
        /** @type {number} */ lookup,
        /** @type {number} */ path,
        /** @type {number} */ size,
        /** @type {bigint} */ accessedNs,
        /** @type {bigint} */ modifiedNs,
        /** @type {number} */ flags,
      ) => setTimes(this.#entry(fd, path, size, follows(lookup)), accessedNs, modifiedNs, flags),
      path_link: (
        /** @type {number} */ fromFd,
        /** @type {number} */ lookup,
        /** @type {number} */ fromPath,
        /** @type {number} */ fromSize,
        /** @type {number} */ toFd,
        /** @type {number} */ toPath,
        /** @type {number} */ toSize,
      ) => files.addName(this.#entry(fromFd, fromPath, fromSize, follows(lookup)), this.#place(toFd, toPath, toSize)),
      path_readlink: (
        /** @type {number} */ fd,
        /** @type {number} */ path,
        /** @type {number} */ size,
        /** @type {number} */ address,
        /** @type {number} */ roomSize,
        /** @type {number} */ result,
      ) => {
        const entry = this.#entry(fd, path, size, false);
        if (!(entry instanceof MemoryLink)) refuse(ERRNO.invalid);
        const target = this.#utf8.encode(entry.target).subarray(0, roomSize);
        this.#memory.bytes(address, target.byteLength).set(target);
        this.#memory.setU32(result, target.byteLength);
      },
      path_remove_directory: (/** @type {number} */ fd, /** @type {number} */ path, /** @type {number} */ size) =>
        files.removeDirectory(this.#place(fd, path, size)),
      path_rename: (
        /** @type {number} */ fromFd,
        /** @type {number} */ fromPath,
        /** @type {number} */ fromSize,
        /** @type {number} */ toFd,
        /** @type {number} */ toPath,
        /** @type {number} */ toSize,
      ) => files.rename(this.#place(fromFd, fromPath, fromSize), this.#place(toFd, toPath, toSize)),
      path_symlink: (
        /** @type {number} */ target,
        /** @type {number} */ targetSize,
        /** @type {number} */ fd,
        /** @type {number} */ path,
        /** @type {number} */ size,
      ) => files.createLink(this.#place(fd, path, size), this.#memory.text(target, targetSize)),
      path_unlink_file: (/** @type {number} */ fd, /** @type {number} */ path, /** @type {number} */ size) =>
        files.removeName(this.#place(fd, path, size)),
    };
  }

  /** Network and signals: there are none. @returns {Record<string, (...args: any[]) => number | void>} */
  #unsupportedFunctions() {
    const unsupported = () => ERRNO.noSystemCall;
    return {
      proc_raise: unsupported,
      sock_accept: unsupported,
      sock_recv: unsupported,
      sock_send: unsupported,
      sock_shutdown: unsupported,
    };
  }

  /**
   * @param {number} fd @param {number} lookup @param {number} path @param {number} size @param {number} openFlags
   * @param {bigint} _rights @param {bigint} _inheriting @param {number} flags @param {number} result
   */
  #openPath(fd, lookup, path, size, openFlags, _rights, _inheriting, flags, result) {
    const { files, descriptors } = this.#parts;
    const place = this.#place(fd, path, size, follows(lookup));
    const wants = (/** @type {number} */ flag) => (openFlags & flag) !== 0;
    let { entry } = place;
    if (entry !== undefined && wants(OPEN_FLAG.create) && wants(OPEN_FLAG.exclusive)) refuse(ERRNO.exists);
    if (entry === undefined)
      entry = wants(OPEN_FLAG.create) && !wants(OPEN_FLAG.directory) ? files.createFile(place) : refuse(ERRNO.notFound);
    if (entry instanceof MemoryLink) refuse(ERRNO.loop);
    if (entry instanceof MemoryDirectory) {
      if (wants(OPEN_FLAG.create) || wants(OPEN_FLAG.truncate)) refuse(ERRNO.isDirectory);
      this.#memory.setU32(result, descriptors.add(new DirectoryDescriptor(entry)));
      return;
    }
    if (entry instanceof MemoryDevice) {
      this.#memory.setU32(result, descriptors.add(new StreamDescriptor(files.openDevice(place, entry))));
      return;
    }
    if (wants(OPEN_FLAG.directory)) refuse(ERRNO.notDirectory);
    if (wants(OPEN_FLAG.truncate)) files.resize(entry, 0);
    this.#memory.setU32(result, descriptors.add(new FileDescriptor(files, entry, flags & DESCRIPTOR_FLAG.append)));
  }

  /** @param {number} fd @param {number} address @param {number} size @param {bigint} cookie @param {number} result */
  #readDirectory(fd, address, size, cookie, result) {
    const descriptor = this.#parts.descriptors.directory(fd);
    const { directory } = descriptor;
    if (cookie === 0n || descriptor.listing === null) {
      descriptor.listing = [['.', directory], ['..', directory.parent], ...directory.entries];
    }
    const room = this.#memory.bytes(address, size);
    let filled = 0;
    for (let index = safe(cookie); index < descriptor.listing.length && filled < size; index += 1) {
      const [name, entry] = /** @type {[string, MemoryEntry]} */ (descriptor.listing[index]);
      const record = directoryRecord(index + 1, this.#utf8.encode(name), entry);
      const piece = record.subarray(0, size - filled);
      room.set(piece, filled);
      filled += piece.byteLength;
    }
    this.#memory.setU32(result, filled);
  }

  /** Waits for the earliest clock. Reading and writing never wait here: they do in their own calls. @param {number} subscriptions @param {number} events @param {number} count @param {number} result */
  #poll(subscriptions, events, count, result) {
    if (count === 0) refuse(ERRNO.invalid);
    const all = Array.from({ length: count }, (_, index) => this.#subscription(subscriptions + index * 48));
    const startedAt = performance.now();
    const isReady = all.some(({ kind }) => kind !== EVENT.clock);
    const waitMs = isReady ? 0 : Math.min(...all.map((each) => each.waitMs));
    for (let left = waitMs; left > 0; left = waitMs - (performance.now() - startedAt)) {
      Atomics.wait(NAP_CELL, 0, 0, Math.min(left, LONGEST_NAP_MS));
      this.#parts.onNap();
    }
    const due = all.filter(({ kind, waitMs: own }) => (isReady ? kind !== EVENT.clock : own <= waitMs));
    for (const [index, { userData, kind, error }] of due.entries()) {
      const at = events + index * 32;
      this.#memory.bytes(at, 32).fill(0);
      this.#memory.setU64(at, userData);
      this.#memory.setU16(at + 8, error);
      this.#memory.setU8(at + 10, kind);
    }
    this.#memory.setU32(result, due.length);
  }

  /** @param {number} at */
  #subscription(at) {
    const userData = this.#memory.u64(at);
    const kind = this.#memory.u8(at + 8);
    if (kind !== EVENT.clock) return { userData, kind, waitMs: 0, error: this.#errorOf(this.#memory.u32(at + 16)) };
    const clock = this.#memory.u32(at + 16);
    const timeoutNs = this.#memory.u64(at + 24);
    const isAbsolute = (this.#memory.u16(at + 40) & ABSOLUTE_TIME) !== 0;
    const waitNs = isAbsolute ? timeoutNs - timeOf(clock) : timeoutNs;
    return { userData, kind, waitMs: Math.max(0, Number(waitNs) / 1e6), error: ERRNO.success };
  }

  /** @param {number} fd */
  #errorOf(fd) {
    try {
      this.#parts.descriptors.get(fd);
      return ERRNO.success;
    } catch (error) {
      if (error instanceof WasiError) return error.errno;
      throw error;
    }
  }

  /** @param {number} fd @param {number} path @param {number} size @param {boolean} [followsLast] */
  #place(fd, path, size, followsLast = false) {
    const { files, descriptors } = this.#parts;
    return files.locate(descriptors.directory(fd).directory, this.#memory.text(path, size), { followsLast });
  }

  /** @param {number} fd @param {number} path @param {number} size @param {boolean} followsLast */
  #entry(fd, path, size, followsLast) {
    return this.#place(fd, path, size, followsLast).entry ?? refuse(ERRNO.notFound);
  }

  /** The pieces of memory that a list names. @param {number} list @param {number} count */
  *#pieces(list, count) {
    for (let index = 0; index < count; index += 1) {
      const at = list + index * 8;
      yield this.#memory.bytes(this.#memory.u32(at), this.#memory.u32(at + 4));
    }
  }

  /** @param {number} list @param {number} count @param {(room: Uint8Array) => number} read */
  #fill(list, count, read) {
    let total = 0;
    for (const room of this.#pieces(list, count)) {
      if (room.byteLength === 0) continue;
      const filled = read(room);
      total += filled;
      if (filled < room.byteLength) break;
    }
    return total;
  }

  /** @param {readonly string[]} texts @param {number} count @param {number} size */
  #writeListSizes(texts, count, size) {
    this.#memory.setU32(count, texts.length);
    this.#memory.setU32(
      size,
      texts.reduce((sum, text) => sum + this.#utf8.encode(text).byteLength + 1, 0),
    );
  }

  /** @param {readonly string[]} texts @param {number} pointers @param {number} address */
  #writeList(texts, pointers, address) {
    let at = address;
    for (const [index, text] of texts.entries()) {
      const bytes = this.#utf8.encode(`${text}\0`);
      this.#memory.setU32(pointers + index * 4, at);
      this.#memory.bytes(at, bytes.byteLength).set(bytes);
      at += bytes.byteLength;
    }
  }

  /** @param {number} result @param {MemoryEntry | null} entry @param {number} fileType */
  #writeStat(result, entry, fileType) {
    this.#memory.bytes(result, 64).fill(0);
    this.#memory.setU8(result + 16, fileType);
    if (entry === null) return;
    this.#memory.setU64(result + 8, BigInt(entry.number));
    this.#memory.setU64(result + 24, BigInt(entry.linkCount));
    this.#memory.setU64(result + 32, BigInt(sizeOf(entry)));
    this.#memory.setU64(result + 40, entry.accessedNs);
    this.#memory.setU64(result + 48, entry.modifiedNs);
    this.#memory.setU64(result + 56, entry.changedNs);
  }
}

/** @param {number} clock */
function timeOf(clock) {
  switch (clock) {
    case CLOCK.realtime:
      return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
    case CLOCK.monotonic:
      return process.hrtime.bigint();
    case CLOCK.processTime:
    case CLOCK.threadTime: {
      const { user, system } = process.cpuUsage();
      return BigInt(user + system) * 1_000n;
    }
    default:
      return refuse(ERRNO.invalid);
  }
}

/** @param {DescriptorTable} descriptors @param {number} fd @returns {{ mountedAs: string }} */
function mounted(descriptors, fd) {
  const descriptor = descriptors.get(fd);
  const mountedAs = descriptor instanceof DirectoryDescriptor ? descriptor.mountedAs : null;
  return mountedAs === null ? refuse(ERRNO.badDescriptor) : { mountedAs };
}

/** @param {MemoryEntry} entry @param {bigint} accessedNs @param {bigint} modifiedNs @param {number} flags */
function setTimes(entry, accessedNs, modifiedNs, flags) {
  if (entry.isReadOnly) refuse(ERRNO.readOnly);
  const nowNs = timeOf(CLOCK.realtime);
  if ((flags & TIME_FLAG.accessed) !== 0) entry.accessedNs = accessedNs;
  if ((flags & TIME_FLAG.accessedNow) !== 0) entry.accessedNs = nowNs;
  if ((flags & TIME_FLAG.modified) !== 0) entry.modifiedNs = modifiedNs;
  if ((flags & TIME_FLAG.modifiedNow) !== 0) entry.modifiedNs = nowNs;
}

/** @param {MemoryEntry} entry */
function sizeOf(entry) {
  if (entry instanceof MemoryFile) return entry.size;
  return entry instanceof MemoryLink ? entry.target.length : 0;
}

/** @param {number} next @param {Uint8Array} name @param {MemoryEntry} entry */
function directoryRecord(next, name, entry) {
  const record = new Uint8Array(24 + name.byteLength);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(next), true);
  view.setBigUint64(8, BigInt(entry.number), true);
  view.setUint32(16, name.byteLength, true);
  view.setUint8(20, fileTypeOf(entry));
  record.set(name, 24);
  return record;
}

/** @param {number} lookup */
function follows(lookup) {
  return (lookup & LOOKUP_FLAG.followLinks) !== 0;
}

/** A 64-bit number of the program's, as a number of ours. @param {bigint} value */
function safe(value) {
  const number = Number(BigInt.asUintN(64, value));
  return Number.isSafeInteger(number) ? number : refuse(ERRNO.tooBig);
}
