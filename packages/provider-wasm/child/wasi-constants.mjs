// @ts-check
/** Numbers of WASI preview 1 (`wasi_snapshot_preview1`), by the names of its specification. */

export const ERRNO = /** @type {const} */ ({
  success: 0,
  access: 2,
  badDescriptor: 8,
  exists: 20,
  tooBig: 22,
  invalid: 28,
  isDirectory: 31,
  loop: 32,
  tooManyOpen: 33,
  nameTooLong: 37,
  notFound: 44,
  noSpace: 51,
  noSystemCall: 52,
  notDirectory: 54,
  notEmpty: 55,
  notSupported: 58,
  notPermitted: 63,
  readOnly: 69,
  illegalSeek: 70,
});

export const FILE_TYPE = /** @type {const} */ ({ character: 2, directory: 3, regular: 4, symbolicLink: 7 });

export const OPEN_FLAG = /** @type {const} */ ({ create: 1, directory: 2, exclusive: 4, truncate: 8 });

export const DESCRIPTOR_FLAG = /** @type {const} */ ({ append: 1 });

export const LOOKUP_FLAG = /** @type {const} */ ({ followLinks: 1 });

export const TIME_FLAG = /** @type {const} */ ({ accessed: 1, accessedNow: 2, modified: 4, modifiedNow: 8 });

export const WHENCE = /** @type {const} */ ({ start: 0, current: 1, end: 2 });

export const CLOCK = /** @type {const} */ ({ realtime: 0, monotonic: 1, processTime: 2, threadTime: 3 });

export const EVENT = /** @type {const} */ ({ clock: 0, read: 1, write: 2 });

/** What a call of the program is refused with. */
export class WasiError extends Error {
  /** @param {number} errno */
  constructor(errno) {
    super(`WASI error ${errno}`);
    this.errno = errno;
  }
}

/**
 * @param {number} errno
 * @returns {never}
 */
export function refuse(errno) {
  throw new WasiError(errno);
}
