// @ts-check
/**
 * Files in memory: what a program sees as its disk. Nothing of it is a file of the host. It counts what it holds, the files themselves, too, so that a
 * program cannot make the process outside larger than its quota.
 */
import { MemoryDevice, MemoryDirectory, MemoryFile, MemoryLink } from './memory-entries.mjs';
import { ERRNO, refuse } from './wasi-constants.mjs';

/** @import { MemoryEntry } from './memory-entries.mjs' */

/** What an entry costs besides its content: the objects that hold it, generously. */
const ENTRY_BYTES = 1024;
const LEAST_CAPACITY = 256;
const LONGEST_NAME = 255;
const MOST_LINKS = 32;

/**
 * Where a path leads.
 *
 * @typedef {object} Place
 * @property {MemoryDirectory} parent
 * @property {string} name empty for the root itself
 * @property {MemoryEntry | undefined} entry
 */

export class MemoryFileSystem {
  #quotaBytes;
  #usedBytes = 0;
  #entryCount = 0;
  #refusals = 0;
  root = new MemoryDirectory(0, true, null);

  /** @param {number} quotaBytes what the entries of the program, and their content, may take */
  constructor(quotaBytes) {
    this.#quotaBytes = quotaBytes;
  }

  /** How often there was no room. */
  get refusals() {
    return this.#refusals;
  }

  get freeBytes() {
    return this.#quotaBytes - this.#usedBytes;
  }

  /**
   * Puts something in that no quota counts and no program changes.
   *
   * @param {string} path @param {Uint8Array | (() => import('./descriptors.mjs').Stream) | null} content a device for a function, a folder for null
   */
  install(path, content) {
    const names = path.split('/').filter(Boolean);
    const last = names.pop() ?? refuse(ERRNO.invalid);
    let folder = this.root;
    for (const name of names) {
      const entry = folder.entries.get(name) ?? this.#addDirectory(folder, name, true);
      if (!(entry instanceof MemoryDirectory)) refuse(ERRNO.notDirectory);
      folder = entry;
    }
    if (content === null) return this.#addDirectory(folder, last, true);
    if (typeof content === 'function') {
      const device = new MemoryDevice(this.#number(), content);
      folder.entries.set(last, device);
      return device;
    }
    const file = new MemoryFile(this.#number(), true);
    file.bytes = content;
    file.size = content.byteLength;
    folder.entries.set(last, file);
    return file;
  }

  /** A folder that the program may write into. @param {string} path */
  installWritable(path) {
    const folder = this.install(path, null);
    folder.isReadOnly = false;
    return /** @type {MemoryDirectory} */ (folder);
  }

  /**
   * Finds where a path leads, through links. The last name need not exist.
   *
   * @param {MemoryDirectory} start
   * @param {string} path
   * @param {{ followsLast: boolean }} options
   * @returns {Place}
   */
  locate(start, path, { followsLast }) {
    if (path === '') refuse(ERRNO.notFound);
    let links = 0;
    let rest = path.split('/');
    let folder = path.startsWith('/') ? this.root : start;
    /** @type {Place} */
    let place = { parent: folder, name: '', entry: folder };
    const mustBeFolder = path.endsWith('/');
    while (rest.length > 0) {
      const name = rest.shift() ?? '';
      if (name === '' || name === '.') continue;
      if (name.length > LONGEST_NAME) refuse(ERRNO.nameTooLong);
      if (!(place.entry instanceof MemoryDirectory)) refuse(place.entry === undefined ? ERRNO.notFound : ERRNO.notDirectory);
      folder = place.entry;
      if (name === '..') {
        place = { parent: folder.parent, name: '', entry: folder.parent };
        continue;
      }
      const entry = folder.entries.get(name);
      const isLast = rest.every((each) => each === '' || each === '.');
      if (!(entry instanceof MemoryLink) || (isLast && !followsLast && !mustBeFolder)) {
        place = { parent: folder, name, entry };
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) refuse(ERRNO.loop);
      rest = [...entry.target.split('/'), ...rest];
      const from = entry.target.startsWith('/') ? this.root : folder;
      place = { parent: from, name: '', entry: from };
    }
    if (mustBeFolder && place.entry !== undefined && !(place.entry instanceof MemoryDirectory)) refuse(ERRNO.notDirectory);
    return place;
  }

  /** @param {MemoryDirectory} start @param {string} path @param {{ followsLast?: boolean }} [options] @returns {MemoryEntry} */
  find(start, path, { followsLast = true } = {}) {
    return this.locate(start, path, { followsLast }).entry ?? refuse(ERRNO.notFound);
  }

  /** @param {Place} place @returns {MemoryFile} */
  createFile({ parent, name }) {
    this.#reserveEntry(parent, name);
    const file = new MemoryFile(this.#number(), false);
    parent.entries.set(name, file);
    return file;
  }

  /** @param {Place} place */
  createDirectory({ parent, name, entry }) {
    if (entry !== undefined) refuse(ERRNO.exists);
    this.#reserveEntry(parent, name);
    return this.#addDirectory(parent, name, false);
  }

  /** @param {Place} place @param {string} target */
  createLink({ parent, name, entry }, target) {
    if (entry !== undefined) refuse(ERRNO.exists);
    if (target === '') refuse(ERRNO.notFound);
    this.#reserveEntry(parent, name, target.length);
    parent.entries.set(name, new MemoryLink(this.#number(), target));
  }

  /** A second name for a file. @param {MemoryEntry} entry @param {Place} place */
  addName(entry, place) {
    if (!(entry instanceof MemoryFile) || entry.isReadOnly) refuse(ERRNO.notPermitted);
    if (place.entry !== undefined) refuse(ERRNO.exists);
    this.#reserveEntry(place.parent, place.name);
    place.parent.entries.set(place.name, entry);
    entry.linkCount += 1;
  }

  /** @param {Place} place */
  removeName({ parent, name, entry }) {
    if (entry === undefined) refuse(ERRNO.notFound);
    if (entry instanceof MemoryDirectory) refuse(ERRNO.isDirectory);
    this.#takeOut(parent, name, entry);
  }

  /** @param {Place} place */
  removeDirectory({ parent, name, entry }) {
    if (entry === undefined) refuse(ERRNO.notFound);
    if (!(entry instanceof MemoryDirectory)) refuse(ERRNO.notDirectory);
    if (name === '') refuse(ERRNO.invalid);
    if (entry.entries.size > 0) refuse(ERRNO.notEmpty);
    this.#takeOut(parent, name, entry);
  }

  /** @param {Place} from @param {Place} to */
  rename(from, to) {
    const { entry } = from;
    if (entry === undefined) refuse(ERRNO.notFound);
    if (from.name === '' || to.name === '') refuse(ERRNO.invalid);
    if (from.parent.isReadOnly || to.parent.isReadOnly || entry.isReadOnly) refuse(ERRNO.readOnly);
    if (to.entry === entry) return;
    if (entry instanceof MemoryDirectory) {
      for (let folder = to.parent; ; folder = folder.parent) {
        if (folder === entry) refuse(ERRNO.invalid);
        if (folder === folder.parent) break;
      }
    }
    if (to.entry !== undefined) this.#displace(entry, to);
    from.parent.entries.delete(from.name);
    to.parent.entries.set(to.name, entry);
    if (entry instanceof MemoryDirectory) entry.parent = to.parent;
    from.parent.touch();
    to.parent.touch();
  }

  /** Writes into a file, which grows as needed. @param {MemoryFile} file @param {number} offset @param {Uint8Array} bytes */
  write(file, offset, bytes) {
    if (file.isReadOnly) refuse(ERRNO.readOnly);
    const end = offset + bytes.byteLength;
    this.#ensureCapacity(file, end);
    file.bytes.set(bytes, offset);
    file.size = Math.max(file.size, end);
    file.touch();
  }

  /** @param {MemoryFile} file @param {number} size */
  resize(file, size) {
    if (file.isReadOnly) refuse(ERRNO.readOnly);
    if (size > file.size) this.#ensureCapacity(file, size);
    else file.bytes.fill(0, size, file.size);
    file.size = size;
    if (size === 0) this.#setCapacity(file, 0);
    file.touch();
  }

  /** Takes a device out and opens it: nobody opens it again. @param {Place} place @param {MemoryDevice} device */
  openDevice({ parent, name }, device) {
    parent.entries.delete(name);
    return device.open();
  }

  /** A descriptor of the file was closed. @param {MemoryFile} file */
  letGo(file) {
    file.openCount -= 1;
    this.#freeIfLost(file);
  }

  /** @param {MemoryEntry} entry @param {Place} to */
  #displace(entry, to) {
    if (to.entry instanceof MemoryDirectory) {
      if (!(entry instanceof MemoryDirectory)) refuse(ERRNO.isDirectory);
      this.removeDirectory(to);
    } else {
      if (entry instanceof MemoryDirectory) refuse(ERRNO.notDirectory);
      this.removeName(to);
    }
  }

  /** @param {MemoryDirectory} parent @param {string} name @param {boolean} isReadOnly */
  #addDirectory(parent, name, isReadOnly) {
    const folder = new MemoryDirectory(this.#number(), isReadOnly, parent);
    parent.entries.set(name, folder);
    return folder;
  }

  #number() {
    this.#entryCount += 1;
    return this.#entryCount;
  }

  /** @param {MemoryDirectory} parent @param {string} name @param {number} [extraBytes] */
  #reserveEntry(parent, name, extraBytes = 0) {
    if (name === '') refuse(ERRNO.exists);
    if (parent.isReadOnly) refuse(ERRNO.readOnly);
    this.#reserve(ENTRY_BYTES + extraBytes);
    parent.touch();
  }

  /** @param {MemoryDirectory} parent @param {string} name @param {MemoryEntry} entry */
  #takeOut(parent, name, entry) {
    if (parent.isReadOnly || entry.isReadOnly) refuse(ERRNO.readOnly);
    parent.entries.delete(name);
    parent.touch();
    entry.linkCount -= 1;
    this.#usedBytes -= ENTRY_BYTES + (entry instanceof MemoryLink ? entry.target.length : 0);
    if (entry instanceof MemoryFile) this.#freeIfLost(entry);
  }

  /** @param {MemoryFile} file */
  #freeIfLost(file) {
    if (file.linkCount === 0 && file.openCount === 0) this.#setCapacity(file, 0);
  }

  /** @param {MemoryFile} file @param {number} end */
  #ensureCapacity(file, end) {
    const present = file.bytes.byteLength;
    if (end <= present) return;
    // Twice as much each time, so that many small writes do not copy the file each; where there is no room for that, just enough.
    const wanted = Math.max(end, Math.min(present * 2, present + this.freeBytes), LEAST_CAPACITY);
    this.#setCapacity(file, wanted - present <= this.freeBytes ? wanted : end);
  }

  /** @param {MemoryFile} file @param {number} capacity */
  #setCapacity(file, capacity) {
    this.#reserve(capacity - file.bytes.byteLength);
    const bytes = new Uint8Array(capacity);
    bytes.set(file.content.subarray(0, capacity));
    file.bytes = bytes;
  }

  /** @param {number} bytes */
  #reserve(bytes) {
    if (bytes > this.freeBytes) {
      this.#refusals += 1;
      refuse(ERRNO.noSpace);
    }
    this.#usedBytes += bytes;
  }
}
