'use strict';
// What a program finds: `console`, texts and bytes, and `sandbox` for everything that Node's modules would be asked for.

(function (shared) {
  const { host, formatLine, uncurry } = shared;
  const { freeze } = Object;
  const sliceBuffer = uncurry(ArrayBuffer.prototype.slice);
  const then = uncurry(Promise.prototype.then);
  const resolved = Promise.resolve.bind(Promise);
  const sliceBytes = uncurry(Uint8Array.prototype.slice);
  const STDOUT = 1;
  const STDERR = 2;

  const print =
    (stream) =>
    (...args) =>
      host.write(stream, `${groupIndent}${formatLine(args).replaceAll('\n', `\n${groupIndent}`)}\n`);
  let groupIndent = '';
  const counts = new Map();
  const startedMs = new Map();
  const log = print(STDOUT);
  const error = print(STDERR);

  globalThis.console = {
    log,
    info: log,
    debug: log,
    dir: (value) => log(value),
    error,
    warn: error,
    trace: (...args) => error('Trace:', ...args),
    table: (value) => log(value),
    assert: (condition, ...args) => {
      if (!condition) error('Assertion failed', ...args);
    },
    count: (label = 'default') => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = 'default') => void counts.delete(label),
    group: (...args) => {
      if (args.length > 0) log(...args);
      groupIndent += '  ';
    },
    groupEnd: () => {
      groupIndent = groupIndent.slice(2);
    },
    time: (label = 'default') => void startedMs.set(label, host.now()),
    timeEnd: (label = 'default') => log(`${label}: ${(host.now() - startedMs.get(label)).toFixed(3)}ms`),
  };

  /** A buffer of exactly these bytes, which is what the host takes. */
  function bufferOf(data) {
    if (typeof data === 'string') return host.encode(data).buffer;
    if (ArrayBuffer.isView(data)) return sliceBuffer(data.buffer, data.byteOffset, data.byteOffset + data.byteLength);
    if (data instanceof ArrayBuffer) return data;
    throw new TypeError('data must be text or bytes');
  }

  globalThis.TextEncoder = class TextEncoder {
    get encoding() {
      return 'utf-8';
    }

    encode(text = '') {
      return host.encode(String(text));
    }
  };

  globalThis.TextDecoder = class TextDecoder {
    #fatal;

    constructor(label = 'utf-8', { fatal = false } = {}) {
      if (!/^utf-?8$/i.test(label)) throw new RangeError(`The encoding "${label}" is not supported: utf-8 is.`);
      this.#fatal = fatal;
    }

    get encoding() {
      return 'utf-8';
    }

    decode(bytes = new Uint8Array(0)) {
      return host.decode(bufferOf(bytes), this.#fatal);
    }
  };

  globalThis.crypto = freeze({
    getRandomValues: (array) => {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      bytes.set(host.random(bytes.length));
      return array;
    },
    randomUUID: () => host.randomUuid(),
    subtle: freeze({
      digest: async (algorithm, data) => host.digest(String(algorithm?.name ?? algorithm), bufferOf(data)).buffer,
    }),
  });

  const stream = (number) => freeze({ write: (data) => host.writeBytes(number, bufferOf(data)) });

  let exitCode = 0;

  /** All that is left of the input, collected in memory of the program's own. */
  function readAll() {
    let bytes = new Uint8Array(65_536);
    let size = 0;
    for (let piece = host.read(65_536); piece.length > 0; piece = host.read(65_536)) {
      if (size + piece.length > bytes.length) {
        const larger = new Uint8Array(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(piece, size);
      size += piece.length;
    }
    return sliceBytes(bytes, 0, size);
  }

  globalThis.queueMicrotask ??= (call) => {
    then(resolved(), () => call());
  };
  globalThis.performance ??= freeze({ now: () => host.now() });

  globalThis.sandbox = {
    /** The environment of the request. */
    environment: {},
    exit: (code = exitCode) => host.exit(Number(code)),
    /** What the program ends with when it ends by itself. */
    get exitCode() {
      return exitCode;
    },
    set exitCode(code) {
      exitCode = Number(code);
    },
    /** SHA-1, SHA-256, SHA-384 or SHA-512 of text or bytes, as bytes. */
    digest: (algorithm, data) => host.digest(String(algorithm), bufferOf(data)),
    input: freeze({
      /** At most so many bytes, as soon as there are some; `null` at the end. */
      read: (maxBytes = 65_536) => {
        const bytes = host.read(maxBytes);
        return bytes.length === 0 ? null : bytes;
      },
      readText: () => host.decode(readAll().buffer, false),
      close: () => host.closeInput(),
    }),
    output: stream(STDOUT),
    errorOutput: stream(STDERR),
    files: freeze({
      read: (path) => host.readFile(String(path)),
      readText: (path) => host.decode(host.readFile(String(path)).buffer, false),
      write: (path, data) => host.writeFile(String(path), bufferOf(data), false),
      append: (path, data) => host.writeFile(String(path), bufferOf(data), true),
      list: (path = '.') => JSON.parse(host.listFiles(String(path))),
      stat: (path) => JSON.parse(host.statFile(String(path))),
      makeFolder: (path) => host.makeFolder(String(path)),
      link: (target, path) => host.linkFile(String(target), String(path)),
      remove: (path) => host.removeFile(String(path)),
    }),
  };
})(globalThis.__sandport_shared__);
