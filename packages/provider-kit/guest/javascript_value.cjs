'use strict';
// Turns what main() returned into JSON text, or says which part of it JSON cannot carry. Everything that user code could have
// replaced by the time a value arrives is taken here, when the runner boots.

const { types } = require('node:util');

const MAX_DEPTH = 200;
const MAX_PATH_LENGTH = 200;

const uncurry = (method) => Function.prototype.call.bind(method);
const { isArray } = Array;
const { keys } = Object;
const { isFinite } = Number;
const { stringify } = JSON;
const { isView } = ArrayBuffer;
const StringOf = String;
const TypeErrorOf = TypeError;
const ErrorOf = Error;
const hasInstance = uncurry(Function.prototype[Symbol.hasInstance]);
const numberValueOf = uncurry(Number.prototype.valueOf);
const stringValueOf = uncurry(String.prototype.valueOf);
const booleanValueOf = uncurry(Boolean.prototype.valueOf);
const test = uncurry(RegExp.prototype.test);
const slice = uncurry(String.prototype.slice);
const objectToString = uncurry(Object.prototype.toString);

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

// What an object is that would look like {} or worse as JSON.
const KINDS = [
  [types.isDate, 'a Date', '; return text, for example .toISOString()'],
  [types.isMap, 'a Map', '; return an object or an array'],
  [types.isSet, 'a Set', '; return an array'],
  [types.isWeakMap, 'a WeakMap', ''],
  [types.isWeakSet, 'a WeakSet', ''],
  [types.isRegExp, 'a RegExp', '; return text'],
  [types.isPromise, 'a Promise', '; await it first'],
  [types.isGeneratorObject, 'a generator', '; return an array'],
  [types.isMapIterator, 'an iterator', '; return an array'],
  [types.isSetIterator, 'an iterator', '; return an array'],
  [types.isAnyArrayBuffer, 'an ArrayBuffer', '; return text, for example base64'],
  [isView, 'a typed array', '; return an array or text'],
  [(value) => types.isNativeError(value) || hasInstance(ErrorOf, value), 'an Error', '; return its message'],
  [types.isSymbolObject, 'a symbol', ''],
  [types.isBigIntObject, 'a BigInt', '; return text or a number'],
];

/** The value as JSON text. Throws a TypeError naming the place of what JSON cannot carry, or what a getter of the value throws. */
function encodeValue(value) {
  return value === undefined ? 'null' : encode(value, { path: ['value'], ancestors: [] }, '');
}

function encode(input, walk, key) {
  const value = prepared(input, walk, key);
  switch (typeof value) {
    case 'string':
      return stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!isFinite(value)) throw problem(walk, StringOf(value));
      return stringify(value);
    case 'object':
      return value === null ? 'null' : encodeObject(value, walk);
    case 'bigint':
      throw problem(walk, 'a BigInt', '; return text or a number');
    case 'undefined':
      throw problem(walk, 'undefined');
    default:
      throw problem(walk, `a ${typeof value}`);
  }
}

/** What JSON.stringify would look at: toJSON is honoured, but not a Date's, and boxed primitives are opened. */
function prepared(value, walk, key) {
  if (typeof value !== 'object' || value === null) return value;
  checkKind(value, walk);
  const { toJSON } = value;
  if (typeof toJSON === 'function') return opened(value.toJSON(key));
  return opened(value);
}

function opened(value) {
  if (types.isNumberObject(value)) return numberValueOf(value);
  if (types.isStringObject(value)) return stringValueOf(value);
  if (types.isBooleanObject(value)) return booleanValueOf(value);
  return value;
}

function checkKind(value, walk) {
  for (let index = 0; index < KINDS.length; index += 1) {
    const kind = KINDS[index];
    if (kind[0](value)) throw problem(walk, kind[1], kind[2]);
  }
}

function encodeObject(value, walk) {
  checkKind(value, walk);
  const { ancestors } = walk;
  for (let index = 0; index < ancestors.length; index += 1) {
    if (ancestors[index] === value) throw new TypeErrorOf(`${show(walk.path)} contains itself, which JSON cannot carry`);
  }
  if (ancestors.length >= MAX_DEPTH) throw new TypeErrorOf(`value is nested deeper than ${MAX_DEPTH} levels`);
  ancestors[ancestors.length] = value;
  const text = isArray(value) ? encodeArray(value, walk) : encodeProperties(value, walk);
  ancestors.length -= 1;
  return text;
}

function encodeArray(array, walk) {
  const { path } = walk;
  let text = '[';
  for (let index = 0; index < array.length; index += 1) {
    path[path.length] = index;
    text += (index === 0 ? '' : ',') + encode(array[index], walk, StringOf(index));
    path.length -= 1;
  }
  return `${text}]`;
}

function encodeProperties(value, walk) {
  const { path } = walk;
  const names = keys(value);
  let text = '';
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    const member = value[name];
    if (member === undefined) continue;
    path[path.length] = name;
    text += `${text === '' ? '' : ','}${stringify(name)}:${encode(member, walk, name)}`;
    path.length -= 1;
  }
  return `{${text}}`;
}

function problem(walk, what, advice = '') {
  return new TypeErrorOf(`${show(walk.path)} is ${what}, which JSON cannot carry${advice}`);
}

function show(path) {
  let text = path[0];
  for (let index = 1; index < path.length; index += 1) {
    const step = path[index];
    if (typeof step === 'number') text += `[${step}]`;
    else text += test(IDENTIFIER, step) ? `.${step}` : `[${stringify(step)}]`;
  }
  if (text.length <= MAX_PATH_LENGTH) return text;
  return `${slice(text, 0, MAX_PATH_LENGTH / 2)}…${slice(text, -MAX_PATH_LENGTH / 2)}`;
}

module.exports = { encodeValue, uncurry, objectToString };
