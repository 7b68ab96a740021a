// @ts-check
/** What a file system in memory is made of. */

const EMPTY = new Uint8Array(0);

/** What every entry of a file system has. */
class Entry {
  /** @param {number} number @param {boolean} isReadOnly */
  constructor(number, isReadOnly) {
    this.number = number;
    this.isReadOnly = isReadOnly;
    this.linkCount = 1;
    this.accessedNs = this.modifiedNs = this.changedNs = BigInt(Date.now()) * 1_000_000n;
  }

  touch() {
    this.modifiedNs = this.changedNs = BigInt(Date.now()) * 1_000_000n;
  }
}

export class MemoryDirectory extends Entry {
  /** @type {Map<string, MemoryEntry>} */
  entries = new Map();

  /** @param {number} number @param {boolean} isReadOnly @param {MemoryDirectory | null} parent */
  constructor(number, isReadOnly, parent) {
    super(number, isReadOnly);
    /** @type {MemoryDirectory} */
    this.parent = parent ?? this;
  }
}

export class MemoryLink extends Entry {
  /** @param {number} number @param {string} target */
  constructor(number, target) {
    super(number, false);
    this.target = target;
  }
}

export class MemoryFile extends Entry {
  /** Its capacity; the first `size` bytes are the content. */
  /** @type {Uint8Array} */
  bytes = EMPTY;
  size = 0;
  /** How many descriptors have it open: one without a name lives as long as it is open. */
  openCount = 0;

  get content() {
    return this.bytes.subarray(0, this.size);
  }
}

/** Something that a program opens once, and that is no file: a channel of ours. */
export class MemoryDevice extends Entry {
  /** @param {number} number @param {() => import('./descriptors.mjs').Stream} open */
  constructor(number, open) {
    super(number, true);
    this.open = open;
  }
}

/** @typedef {MemoryDirectory | MemoryFile | MemoryLink | MemoryDevice} MemoryEntry */
