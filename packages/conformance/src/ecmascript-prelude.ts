/**
 * What programs of the cases use of Node, in terms of the global `sandbox` that a provider gives whose JavaScript has no Node: one line, so that the lines of a program
 * keep their numbers.
 */
const PRELUDE = `
var globalThis_ = globalThis;
var bytesOf = (data) => typeof data === 'string' ? new TextEncoder().encode(data) : data;
var textOf = (bytes, encoding) => encoding === undefined ? Buffer.from(bytes) : new TextDecoder().decode(bytes);
var Buffer = class Buffer extends Uint8Array {
  static from(data, encoding) {
    if (typeof data !== 'string') return new Buffer(data);
    if (encoding === 'latin1') return new Buffer(Array.from(data, (letter) => letter.charCodeAt(0)));
    if (encoding === 'hex') return new Buffer((data.match(/../g) || []).map((pair) => parseInt(pair, 16)));
    return new Buffer(bytesOf(data));
  }
  static alloc(size, fill = 0) { return new Buffer(size).fill(typeof fill === 'string' ? fill.charCodeAt(0) : fill); }
  static concat(parts) { return Buffer.from(parts.flatMap((part) => Array.from(part))); }
  static byteLength(text) { return bytesOf(text).length; }
  toString(encoding) {
    if (encoding === 'hex') return Array.from(this, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return new TextDecoder().decode(this);
  }
};
var pathOf = (path) => typeof path === 'string' ? path : new TextDecoder('utf-8', { fatal: true }).decode(path);
var codeless = (name, path) => Object.assign(new Error(name + ': ' + path), { code: name });
var streamOf = (stream) => ({ write: (data, done) => { stream.write(bytesOf(data)); if (typeof done === 'function') setTimeout(done, 0); return true; } });
var fileSystem = {
  readFileSync: (path, encoding) => {
    if (path !== 0) return textOf(sandbox.files.read(pathOf(path)), encoding && encoding.encoding || encoding);
    var text = sandbox.input.readText();
    return encoding === undefined ? Buffer.from(text) : text;
  },
  writeFileSync: (path, data, options = {}) => {
    if (options.flag === 'wx' && fileSystem.existsSync(path)) throw codeless('EEXIST', path);
    sandbox.files.write(pathOf(path), bytesOf(data));
  },
  appendFileSync: (path, data) => sandbox.files.append(pathOf(path), bytesOf(data)),
  writeSync: (fd, data) => { (fd === 1 ? sandbox.output : sandbox.errorOutput).write(bytesOf(data)); return bytesOf(data).length; },
  readSync: (fd, buffer) => { var bytes = sandbox.input.read(buffer.length); if (bytes === null) return 0; buffer.set(bytes); return bytes.length; },
  existsSync: (path) => { try { sandbox.files.stat(pathOf(path)); return true; } catch { return false; } },
  statSync: (path) => { var stat = sandbox.files.stat(pathOf(path)); return { size: stat.sizeBytes, isFile: () => stat.kind === 'file', isDirectory: () => stat.kind === 'folder' }; },
  readdirSync: (path) => sandbox.files.list(pathOf(path)),
  mkdirSync: (path, options = {}) => {
    if (!options.recursive) return sandbox.files.makeFolder(pathOf(path));
    var parts = path.split('/');
    for (var index = 1; index <= parts.length; index += 1) {
      var folder = parts.slice(0, index).join('/');
      if (folder !== '' && !fileSystem.existsSync(folder)) sandbox.files.makeFolder(folder);
    }
  },
  symlinkSync: (target, path) => sandbox.files.link(target, pathOf(path)),
  unlinkSync: (path) => sandbox.files.remove(pathOf(path)),
  rmdirSync: (path) => sandbox.files.remove(pathOf(path)),
  rmSync: (path, options = {}) => {
    if (options.recursive && sandbox.files.stat(pathOf(path)).kind === 'folder') {
      for (var name of sandbox.files.list(pathOf(path))) fileSystem.rmSync(path + '/' + name, options);
    }
    sandbox.files.remove(pathOf(path));
  },
  openSync: (path) => { sandbox.files.read(pathOf(path)); return 9; },
  closeSync: () => undefined,
  constants: {},
};
var require = (name) => {
  var modules = { fs: fileSystem, path: { dirname: (path) => path.replace(/\\/[^/]*$/, ''), basename: (path) => path.replace(/.*\\//, '') } };
  var found = modules[name.replace(/^node:/, '')];
  if (found === undefined) throw codeless('MODULE_NOT_FOUND', name);
  return found;
};
var process = {
  env: sandbox.environment, argv: ['node', '/workspace/main.js'], pid: 1, stdout: streamOf(sandbox.output), stderr: streamOf(sandbox.errorOutput),
  exit: (code) => code === undefined ? sandbox.exit() : sandbox.exit(code), on: () => process,
  get exitCode() { return sandbox.exitCode; }, set exitCode(code) { sandbox.exitCode = code; },
  kill: () => { throw codeless('EPERM', 'kill'); },
  getuid: () => 1, geteuid: () => 1, getgid: () => 1, getegid: () => 1,
  stdin: {
    destroy: () => sandbox.input.close(), setEncoding: () => process.stdin,
    async *[Symbol.asyncIterator]() { for (var piece = sandbox.input.read(); piece !== null; piece = sandbox.input.read()) yield Buffer.from(piece); },
  },
};
`
  .split('\n')
  .map((line) => line.trim())
  .join(' ');

const NODE_NAMES = /\b(?:require|process|Buffer)\b/;

/** The same program for JavaScript without Node. */
export function withoutNode(code: string): string {
  return NODE_NAMES.test(code) ? `${PRELUDE}${code}` : code;
}
