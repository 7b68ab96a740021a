// @ts-check
/** The functions that read and write open files. */
import { DirectoryDescriptor } from './descriptors.mjs';
import { ERRNO, refuse } from './wasi-constants.mjs';
import { safe } from './wasi-entries.mjs';

/** @import { WasiContext, WasiFunctions } from './wasi-host.mjs' */

/** @param {WasiContext} host @returns {WasiFunctions} */
export function transferFunctions(host) {
  const { descriptors } = host.parts;
  return {
    fd_read: (/** @type {number} */ fd, /** @type {number} */ list, /** @type {number} */ count, /** @type {number} */ result) => {
      const descriptor = descriptors.get(fd);
      if (descriptor instanceof DirectoryDescriptor) refuse(ERRNO.isDirectory);
      host.memory.setU32(
        result,
        fill(host, list, count, (room) => descriptor.read(room)),
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
      const total = fill(host, list, count, (room) => {
        const read = descriptor.readAt(at, room);
        at += read;
        return read;
      });
      host.memory.setU32(result, total);
    },
    fd_write: (/** @type {number} */ fd, /** @type {number} */ list, /** @type {number} */ count, /** @type {number} */ result) => {
      const descriptor = descriptors.get(fd);
      if (descriptor instanceof DirectoryDescriptor) refuse(ERRNO.isDirectory);
      let total = 0;
      for (const bytes of piecesOf(host, list, count)) {
        if (bytes.byteLength > 0) descriptor.write(bytes);
        total += bytes.byteLength;
      }
      host.memory.setU32(result, total);
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
      for (const bytes of piecesOf(host, list, count)) {
        descriptor.writeAt(start + total, bytes);
        total += bytes.byteLength;
      }
      host.memory.setU32(result, total);
    },
    fd_seek: (/** @type {number} */ fd, /** @type {bigint} */ distance, /** @type {number} */ whence, /** @type {number} */ result) =>
      host.memory.setU64(result, BigInt(descriptors.file(fd).seek(distance, whence))),
    fd_tell: (/** @type {number} */ fd, /** @type {number} */ result) => host.memory.setU64(result, BigInt(descriptors.file(fd).offset)),
  };
}

/** The pieces of memory that a list names. @param {WasiContext} host @param {number} list @param {number} count */
function* piecesOf(host, list, count) {
  for (let index = 0; index < count; index += 1) {
    const at = list + index * 8;
    yield host.memory.bytes(host.memory.u32(at), host.memory.u32(at + 4));
  }
}

/** @param {WasiContext} host @param {number} list @param {number} count @param {(room: Uint8Array) => number} read */
function fill(host, list, count, read) {
  let total = 0;
  for (const room of piecesOf(host, list, count)) {
    if (room.byteLength === 0) continue;
    const filled = read(room);
    total += filled;
    if (filled < room.byteLength) break;
  }
  return total;
}
