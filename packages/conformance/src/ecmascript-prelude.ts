/**
 * What programs of the cases use of Node, in terms of the global `sandbox` that a provider gives whose JavaScript has no Node: one line, so that the lines of a program
 * keep their numbers.
 */
const PRELUDE = `
var bytesOf_ = (data) => typeof data === 'string' ? new TextEncoder().encode(data) : data;
var textOf_ = (bytes, encoding) => encoding === undefined ? Buffer.from(bytes) : new TextDecoder().decode(bytes);
var Buffer = class Buffer extends Uint8Array {
  static from(data, encoding) {
    if (typeof data !== 'string') return new Buffer(data);
    if (encoding === 'latin1') return new Buffer(Array.from(data, (letter) => letter.charCodeAt(0)));
    if (encoding === 'hex') return new Buffer((data.match(/../g) || []).map((pair) => parseInt(pair, 16)));
    return new Buffer(bytesOf_(data));
  }
  static alloc(size, fill = 0) { return new Buffer(size).fill(typeof fill === 'string' ? fill.charCodeAt(0) : fill); }
  static concat(parts) { return Buffer.from(joined_(parts)); }
  static byteLength(text) { return bytesOf_(text).length; }
  toString(encoding) {
    if (encoding === 'hex') return Array.from(this, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return new TextDecoder().decode(this);
  }
};
var pathOf_ = (path) => typeof path === 'string' ? path : new TextDecoder('utf-8', { fatal: true }).decode(path);
var codeless_ = (name, path) => Object.assign(new Error(name + ': ' + path), { code: name });
var streamOf_ = (stream) => ({ write: (data, done) => { stream.write(bytesOf_(data)); if (typeof done === 'function') setTimeout(done, 0); return true; } });
var createHash_ = () => { var parts = []; var hash = { update: (data) => { parts.push(bytesOf_(data)); return hash; }, digest: () => Buffer.from(sandbox.digest('sha256', joined_(parts))).toString('hex') }; return hash; };
var joined_ = (parts) => { var all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0)); var at = 0; for (var part of parts) { all.set(part, at); at += part.length; } return all; };
var fileSystem_ = {
  readFileSync: (path, encoding) => {
    if (path !== 0) return textOf_(sandbox.files.read(pathOf_(path)), encoding && encoding.encoding || encoding);
    var text = sandbox.input.readText();
    return encoding === undefined ? Buffer.from(text) : text;
  },
  writeFileSync: (path, data, options = {}) => {
    if (options.flag === 'wx' && fileSystem_.existsSync(path)) throw codeless_('EEXIST', path);
    sandbox.files.write(pathOf_(path), bytesOf_(data));
  },
  appendFileSync: (path, data) => sandbox.files.append(pathOf_(path), bytesOf_(data)),
  writeSync: (fd, data) => { (fd === 1 ? sandbox.output : sandbox.errorOutput).write(bytesOf_(data)); return bytesOf_(data).length; },
  readSync: (fd, buffer) => { var bytes = sandbox.input.read(buffer.length); if (bytes === null) return 0; buffer.set(bytes); return bytes.length; },
  existsSync: (path) => { try { sandbox.files.stat(pathOf_(path)); return true; } catch { return false; } },
  statSync: (path) => { var stat = sandbox.files.stat(pathOf_(path)); return { size: stat.sizeBytes, isFile: () => stat.kind === 'file', isDirectory: () => stat.kind === 'folder' }; },
  readdirSync: (path) => sandbox.files.list(pathOf_(path)),
  mkdirSync: (path, options = {}) => {
    if (!options.recursive) return sandbox.files.makeFolder(pathOf_(path));
    var parts = path.split('/');
    for (var index = 1; index <= parts.length; index += 1) {
      var folder = parts.slice(0, index).join('/');
      if (folder !== '' && !fileSystem_.existsSync(folder)) sandbox.files.makeFolder(folder);
    }
  },
  symlinkSync: (target, path) => sandbox.files.link(target, pathOf_(path)),
  unlinkSync: (path) => sandbox.files.remove(pathOf_(path)),
  rmdirSync: (path) => sandbox.files.remove(pathOf_(path)),
  rmSync: (path, options = {}) => {
    if (options.recursive && sandbox.files.stat(pathOf_(path)).kind === 'folder') {
      for (var name of sandbox.files.list(pathOf_(path))) fileSystem_.rmSync(path + '/' + name, options);
    }
    sandbox.files.remove(pathOf_(path));
  },
  openSync: (path) => { sandbox.files.read(pathOf_(path)); return 9; },
  closeSync: () => undefined,
  constants: {},
};
var original_ = typeof require === 'function' ? require : undefined;
var require = (name) => {
  var modules = { fs: fileSystem_, events: { once: () => Promise.resolve() }, crypto: { createHash: createHash_ }, path: { dirname: (path) => path.replace(/\\/[^/]*$/, ''), basename: (path) => path.replace(/.*\\//, '') } };
  var found = modules[name.replace(/^node:/, '')];
  if (found === undefined) return original_(name);
  return found;
};
var process = {
  env: sandbox.environment, argv: ['node', '/workspace/main.js'], pid: 1, stdout: streamOf_(sandbox.output), stderr: streamOf_(sandbox.errorOutput),
  exit: (code) => code === undefined ? sandbox.exit() : sandbox.exit(code), on: () => process,
  get exitCode() { return sandbox.exitCode; }, set exitCode(code) { sandbox.exitCode = code; },
  kill: () => { throw codeless_('EPERM', 'kill'); },
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
