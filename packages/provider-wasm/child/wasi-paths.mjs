// @ts-check
/** The functions on files and folders by their path. */
import { DirectoryDescriptor, FileDescriptor, fileTypeOf, StreamDescriptor } from './descriptors.mjs';
import { MemoryDevice, MemoryDirectory, MemoryLink } from './memory-entries.mjs';
import { DESCRIPTOR_FLAG, ERRNO, OPEN_FLAG, refuse } from './wasi-constants.mjs';
import { entryOf, follows, placeOf, setTimes, writeStat } from './wasi-entries.mjs';

/** @import { WasiContext, WasiFunctions } from './wasi-host.mjs' */

/** @param {WasiContext} host @returns {WasiFunctions} */
export function pathFunctions(host) {
  const { files } = host.parts;
  return {
    path_open: openPath.bind(null, host),
    path_create_directory: (/** @type {number} */ fd, /** @type {number} */ path, /** @type {number} */ size) =>
      void files.createDirectory(placeOf(host, fd, path, size)),
    path_filestat_get: (
      /** @type {number} */ fd,
      /** @type {number} */ lookup,
      /** @type {number} */ path,
      /** @type {number} */ size,
      /** @type {number} */ result,
    ) => {
      const entry = entryOf(host, fd, path, size, follows(lookup));
      writeStat(host, result, entry, fileTypeOf(entry));
    },
    path_filestat_set_times: (
      /** @type {number} */ fd,
      /** @type {number} */ lookup,
      /** @type {number} */ path,
      /** @type {number} */ size,
      /** @type {bigint} */ accessedNs,
      /** @type {bigint} */ modifiedNs,
      /** @type {number} */ flags,
    ) => setTimes(entryOf(host, fd, path, size, follows(lookup)), accessedNs, modifiedNs, flags),
    path_link: (
      /** @type {number} */ fromFd,
      /** @type {number} */ lookup,
      /** @type {number} */ fromPath,
      /** @type {number} */ fromSize,
      /** @type {number} */ toFd,
      /** @type {number} */ toPath,
      /** @type {number} */ toSize,
    ) => files.addName(entryOf(host, fromFd, fromPath, fromSize, follows(lookup)), placeOf(host, toFd, toPath, toSize)),
    path_readlink: (
      /** @type {number} */ fd,
      /** @type {number} */ path,
      /** @type {number} */ size,
      /** @type {number} */ address,
      /** @type {number} */ roomSize,
      /** @type {number} */ result,
    ) => {
      const entry = entryOf(host, fd, path, size, false);
      if (!(entry instanceof MemoryLink)) refuse(ERRNO.invalid);
      const target = host.utf8.encode(entry.target).subarray(0, roomSize);
      host.memory.bytes(address, target.byteLength).set(target);
      host.memory.setU32(result, target.byteLength);
    },
    path_remove_directory: (/** @type {number} */ fd, /** @type {number} */ path, /** @type {number} */ size) =>
      files.removeDirectory(placeOf(host, fd, path, size)),
    path_rename: (
      /** @type {number} */ fromFd,
      /** @type {number} */ fromPath,
      /** @type {number} */ fromSize,
      /** @type {number} */ toFd,
      /** @type {number} */ toPath,
      /** @type {number} */ toSize,
    ) => files.rename(placeOf(host, fromFd, fromPath, fromSize), placeOf(host, toFd, toPath, toSize)),
    path_symlink: (
      /** @type {number} */ target,
      /** @type {number} */ targetSize,
      /** @type {number} */ fd,
      /** @type {number} */ path,
      /** @type {number} */ size,
    ) => files.createLink(placeOf(host, fd, path, size), host.memory.text(target, targetSize)),
    path_unlink_file: (/** @type {number} */ fd, /** @type {number} */ path, /** @type {number} */ size) =>
      files.removeName(placeOf(host, fd, path, size)),
  };
}

/**
 * @param {WasiContext} host
 * @param {number} fd @param {number} lookup @param {number} path @param {number} size @param {number} openFlags
 * @param {bigint} _rights @param {bigint} _inheriting @param {number} flags @param {number} result
 */
function openPath(host, fd, lookup, path, size, openFlags, _rights, _inheriting, flags, result) {
  const { files, descriptors } = host.parts;
  const place = placeOf(host, fd, path, size, follows(lookup));
  const wants = (/** @type {number} */ flag) => (openFlags & flag) !== 0;
  let { entry } = place;
  if (entry !== undefined && wants(OPEN_FLAG.create) && wants(OPEN_FLAG.exclusive)) refuse(ERRNO.exists);
  if (entry === undefined)
    entry = wants(OPEN_FLAG.create) && !wants(OPEN_FLAG.directory) ? files.createFile(place) : refuse(ERRNO.notFound);
  if (entry instanceof MemoryLink) refuse(ERRNO.loop);
  if (entry instanceof MemoryDirectory) {
    if (wants(OPEN_FLAG.create) || wants(OPEN_FLAG.truncate)) refuse(ERRNO.isDirectory);
    host.memory.setU32(result, descriptors.add(new DirectoryDescriptor(entry)));
    return;
  }
  if (entry instanceof MemoryDevice) {
    host.memory.setU32(result, descriptors.add(new StreamDescriptor(files.openDevice(place, entry))));
    return;
  }
  if (wants(OPEN_FLAG.directory)) refuse(ERRNO.notDirectory);
  if (wants(OPEN_FLAG.truncate)) files.resize(entry, 0);
  host.memory.setU32(result, descriptors.add(new FileDescriptor(files, entry, flags & DESCRIPTOR_FLAG.append)));
}
