'use strict';
// The first file in QuickJS: takes the functions of the host off the global object, and what every later file needs.

globalThis.__sandport_shared__ = (function () {
  const uncurry = (method) => Function.prototype.call.bind(method);
  const prefix = '__sandport_host_';
  const host = {};
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!name.startsWith(prefix)) continue;
    host[name.slice(prefix.length)] = globalThis[name];
    delete globalThis[name];
  }
  host.writeError = (text) => host.write(2, text);
  const noModule = (name) =>
    `Cannot find module '${name}': JavaScript runs here without Node and its modules; the provider "docker" has them. ` +
    'Files, input, environment and exit are in the global "sandbox".';

  const brand = (method) => (value) => {
    try {
      method(value);
      return true;
    } catch {
      return false;
    }
  };
  const getter = (prototype, name) => uncurry(Object.getOwnPropertyDescriptor(prototype, name).get);
  const tag = uncurry(Object.prototype.toString);
  const Generator = Object.getPrototypeOf(function* () {
    yield 0;
  }).prototype;
  const MapIterator = Object.getPrototypeOf(new Map().entries());
  const SetIterator = Object.getPrototypeOf(new Set().values());
  const isPrototypeOf = uncurry(Object.prototype.isPrototypeOf);

  /** As `node:util`'s `types`, for what runs in here. */
  const types = {
    isDate: brand(uncurry(Date.prototype.getTime)),
    isMap: brand(getter(Map.prototype, 'size')),
    isSet: brand(getter(Set.prototype, 'size')),
    isWeakMap: brand((value) => uncurry(WeakMap.prototype.has)(value, {})),
    isWeakSet: brand((value) => uncurry(WeakSet.prototype.has)(value, {})),
    isRegExp: (value) => tag(value) === '[object RegExp]' && value instanceof RegExp,
    isPromise: (value) => value instanceof Promise,
    isGeneratorObject: (value) => isPrototypeOf(Generator, value),
    isMapIterator: (value) => isPrototypeOf(MapIterator, value),
    isSetIterator: (value) => isPrototypeOf(SetIterator, value),
    isAnyArrayBuffer: brand(getter(ArrayBuffer.prototype, 'byteLength')),
    isNativeError: (value) => value instanceof Error,
    isSymbolObject: brand((value) => uncurry(Symbol.prototype.valueOf)(value)),
    isBigIntObject: brand((value) => uncurry(BigInt.prototype.valueOf)(value)),
    isNumberObject: brand((value) => uncurry(Number.prototype.valueOf)(value)),
    isStringObject: brand((value) => uncurry(String.prototype.valueOf)(value)),
    isBooleanObject: brand((value) => uncurry(Boolean.prototype.valueOf)(value)),
  };

  const parts = { 'node:util': { types } };
  return {
    host,
    types,
    uncurry,
    noModule,
    /** Takes in a file that was written as a CommonJS module. */
    define(name, factory) {
      const module = { exports: {} };
      factory(module, (wanted) => parts[wanted]);
      parts[name] = module.exports;
      Object.assign(this, module.exports);
    },
  };
})();
