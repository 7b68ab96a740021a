'use strict';
// `require` for files of the work folder. There are no other modules.

(function (shared) {
  const { host, noModule, uncurry } = shared;
  const { parse } = JSON;
  const { apply, defineProperty } = Reflect;
  const ErrorOf = Error;
  const split = uncurry(String.prototype.split);
  const startsWith = uncurry(String.prototype.startsWith);
  const endsWith = uncurry(String.prototype.endsWith);
  const join = uncurry(Array.prototype.join);
  const global = globalThis;
  const ENDINGS = ['', '.js', '.cjs', '.json', '/index.js'];
  const HEAD = '__sandport_program__ = (function (exports, require, module, __filename, __dirname) {';
  const loaded = { __proto__: null };

  /** Evaluates text that assigns a function to `__sandport_program__`, and gives that. */
  shared.evaluateFunction = (text, name) => {
    defineProperty(global, '__sandport_program__', { configurable: true, writable: true });
    host.evaluate(text, name);
    const found = global.__sandport_program__;
    delete global.__sandport_program__;
    return found;
  };

  /** The `require` of a file in this folder. */
  shared.requireFrom = (folder) => (name) => {
    const wanted = `${name}`;
    if (!startsWith(wanted, './') && !startsWith(wanted, '../') && !startsWith(wanted, '/')) throw refusal(noModule(wanted));
    const base = resolved(folder, wanted);
    for (let index = 0; index < ENDINGS.length; index += 1) {
      const path = base + ENDINGS[index];
      if (loaded[path] !== undefined) return loaded[path].exports;
      const text = host.readModule(path);
      if (text !== null) return load(path, text);
    }
    throw refusal(`Cannot find module '${wanted}'`);
  };

  function load(path, text) {
    const module = { exports: {} };
    loaded[path] = module;
    if (endsWith(path, '.json')) {
      module.exports = parse(text);
      return module.exports;
    }
    const folder = resolved(path, '..');
    const run = shared.evaluateFunction(`${HEAD}${text}\n})`, path);
    apply(run, module.exports, [module.exports, shared.requireFrom(folder), module, path, folder]);
    return module.exports;
  }

  function refusal(message) {
    const error = new ErrorOf(message);
    error.code = 'MODULE_NOT_FOUND';
    return error;
  }

  function resolved(folder, path) {
    const steps = split(startsWith(path, '/') ? path : `${folder}/${path}`, '/');
    const kept = [];
    for (let index = 0; index < steps.length; index += 1) {
      const step = steps[index];
      if (step === '..') kept.length = kept.length > 0 ? kept.length - 1 : 0;
      else if (step !== '' && step !== '.') kept[kept.length] = step;
    }
    return `/${join(kept, '/')}`;
  }
})(globalThis.__sandport_shared__);
