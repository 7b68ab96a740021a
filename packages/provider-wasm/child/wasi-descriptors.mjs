// @ts-check
/** The functions on open files and folders, apart from reading and writing. */
import { DirectoryDescriptor, StreamDescriptor } from './descriptors.mjs';
import { DESCRIPTOR_FLAG, ERRNO, refuse } from './wasi-constants.mjs';
import { directoryRecord, safe, setTimes, writeStat } from './wasi-entries.mjs';

/** @import { DescriptorTable } from './descriptors.mjs' */
/** @import { WasiContext, WasiFunctions } from './wasi-host.mjs' */

const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;

/** @param {WasiContext} host @returns {WasiFunctions} */
export function descriptorFunctions(host) {
  const { descriptors, files } = host.parts;
  return {
    fd_close: (/** @type {number} */ fd) => descriptors.close(fd),
    fd_renumber: (/** @type {number} */ from, /** @type {number} */ to) => descriptors.renumber(from, to),
    fd_fdstat_get: (/** @type {number} */ fd, /** @type {number} */ result) => {
      const { fileType, flags } = descriptors.get(fd);
      host.memory.bytes(result, 24).fill(0);
      host.memory.setU8(result, fileType);
      host.memory.setU16(result + 2, flags);
      host.memory.setU64(result + 8, ALL_RIGHTS);
      host.memory.setU64(result + 16, ALL_RIGHTS);
    },
    fd_fdstat_set_flags: (/** @type {number} */ fd, /** @type {number} */ flags) => {
      descriptors.get(fd).flags = flags & DESCRIPTOR_FLAG.append;
    },
    fd_fdstat_set_rights: (/** @type {number} */ fd) => void descriptors.get(fd),
    fd_filestat_get: (/** @type {number} */ fd, /** @type {number} */ result) => {
      const descriptor = descriptors.get(fd);
      if (descriptor instanceof StreamDescriptor) writeStat(host, result, null, descriptor.fileType);
      else writeStat(host, result, descriptor.entry, descriptor.fileType);
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
      host.memory.setU32(result, 0);
      host.memory.setU32(result + 4, host.utf8.encode(mountedAs).byteLength);
    },
    fd_prestat_dir_name: (/** @type {number} */ fd, /** @type {number} */ address, /** @type {number} */ size) => {
      const name = host.utf8.encode(mounted(descriptors, fd).mountedAs);
      host.memory.bytes(address, size).set(name.subarray(0, size));
    },
    fd_readdir: readDirectory.bind(null, host),
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

/** @param {WasiContext} host @param {number} fd @param {number} address @param {number} size @param {bigint} cookie @param {number} result */
function readDirectory(host, fd, address, size, cookie, result) {
  const descriptor = host.parts.descriptors.directory(fd);
  const { directory } = descriptor;
  if (cookie === 0n || descriptor.listing === null) {
    descriptor.listing = [['.', directory], ['..', directory.parent], ...directory.entries];
  }
  const room = host.memory.bytes(address, size);
  let filled = 0;
  for (let index = safe(cookie); index < descriptor.listing.length && filled < size; index += 1) {
    const [name, entry] = descriptor.listing[index] ?? refuse(ERRNO.invalid);
    const record = directoryRecord(index + 1, host.utf8.encode(name), entry);
    const piece = record.subarray(0, size - filled);
    room.set(piece, filled);
    filled += piece.byteLength;
  }
  host.memory.setU32(result, filled);
}

/** @param {DescriptorTable} descriptors @param {number} fd @returns {{ mountedAs: string }} */
function mounted(descriptors, fd) {
  const descriptor = descriptors.get(fd);
  const mountedAs = descriptor instanceof DirectoryDescriptor ? descriptor.mountedAs : null;
  return mountedAs === null ? refuse(ERRNO.badDescriptor) : { mountedAs };
}
