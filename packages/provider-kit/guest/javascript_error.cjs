'use strict';
// Describes an error of the program without the frames of the runner. User code may have replaced any built-in by then, so what is
// needed is taken when the runner boots.

const path = require('node:path');
const { types } = require('node:util');
const { uncurry } = require('./javascript_value.cjs');

const MAX_TYPE_LENGTH = 256;
const MAX_MESSAGE_LENGTH = 16 * 1024;
const MAX_TRACEBACK_LENGTH = 64 * 1024;
const MAX_CAUSES = 8;

const StringOf = String;
const ErrorOf = Error;
const { isArray } = Array;
const { set: setProperty, defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;
const errorToString = uncurry(Error.prototype.toString);
const hasInstance = uncurry(Function.prototype[Symbol.hasInstance]);
const split = uncurry(String.prototype.split);
const includes = uncurry(String.prototype.includes);
const slice = uncurry(String.prototype.slice);
const test = uncurry(RegExp.prototype.test);

const FRAME = /^\s+at /;
const PLACE = /^[^\s].*:\d+$/;
const OWN_FRAME = path.join(__dirname, 'javascript_');

/** What the report says of an error: {type, message, traceback}. Takes the runner's frames off the stacks as it goes. */
function describeError(error) {
  if (!isError(error)) {
    const type = error === null ? 'null' : typeof error;
    return {
      type,
      message: shorten(
        attempt(() => StringOf(error), type),
        MAX_MESSAGE_LENGTH,
      ),
      traceback: '',
    };
  }
  const type = slice(typeName(error), 0, MAX_TYPE_LENGTH);
  const message = attempt(() => StringOf(error.message), '');
  let traceback = cleanStack(error) || `${type}: ${message}`;
  const seen = [error];
  for (let cause = causeOf(error); cause !== undefined && seen.length <= MAX_CAUSES; cause = causeOf(cause)) {
    for (let index = 0; index < seen.length; index += 1) if (seen[index] === cause) cause = undefined;
    if (cause === undefined) break;
    seen[seen.length] = cause;
    traceback += `\n[cause]: ${isError(cause) ? cleanStack(cause) : attempt(() => StringOf(cause), typeof cause)}`;
  }
  cleanParts(error);
  return { type, message: shorten(message, MAX_MESSAGE_LENGTH), traceback: shorten(traceback, MAX_TRACEBACK_LENGTH) };
}

function isError(value) {
  return types.isNativeError(value) || attempt(() => hasInstance(ErrorOf, value), false);
}

function typeName(error) {
  return attempt(() => {
    const constructorName = error.constructor.name;
    // Node names the class of all its coded errors NodeError and says in `name` which one is meant.
    const name = constructorName === 'NodeError' || !constructorName ? error.name : constructorName;
    return typeof name === 'string' && name !== '' ? name : 'Error';
  }, 'Error');
}

function causeOf(error) {
  return typeof error === 'object' && error !== null ? attempt(() => error.cause, undefined) : undefined;
}

/** The errors in an AggregateError are printed with it. */
function cleanParts(error) {
  attempt(() => {
    const { errors } = error;
    if (!isArray(errors)) return;
    for (let index = 0; index < errors.length && index < MAX_CAUSES; index += 1) if (isError(errors[index])) cleanStack(errors[index]);
  }, undefined);
}

/**
 * Takes the runner's frames off the error's own stack, which is what Node prints, and gives the text. A stack is written when it is
 * first read: it is written without those frames then, because assigning `stack` makes Node forget where the error was thrown.
 */
function cleanStack(error) {
  return attempt(() => {
    const stack = readStack(error);
    if (typeof stack !== 'string') return '';
    const cleaned = withoutRunnerFrames(stack);
    if (includes(stack, OWN_FRAME)) setProperty(error, 'stack', cleaned);
    return cleaned;
  }, '');
}

function readStack(error) {
  // A program that formats its stacks itself goes on doing so.
  if (ErrorOf.prepareStackTrace !== undefined) return error.stack;
  const previous = getOwnPropertyDescriptor(ErrorOf, 'prepareStackTrace');
  defineProperty(ErrorOf, 'prepareStackTrace', { value: writeStack, configurable: true });
  try {
    return error.stack;
  } finally {
    if (previous === undefined) deleteProperty(ErrorOf, 'prepareStackTrace');
    else defineProperty(ErrorOf, 'prepareStackTrace', previous);
  }
}

/** The stack as Node writes it, header and frames, cut where the runner begins. */
function writeStack(error, frames) {
  // Node's own errors have a toString that adds their code.
  const isCoded = typeof error.code === 'string' && getOwnPropertyDescriptor(error, 'toString') !== undefined;
  let text = isCoded ? error.toString() : errorToString(error);
  for (let index = 0; index < frames.length; index += 1) text += `\n    at ${StringOf(frames[index])}`;
  return withoutRunnerFrames(text);
}

function withoutRunnerFrames(stack) {
  const lines = split(stack, '\n');
  let end = lines.length;
  while (end > 0 && isFrame(lines[end - 1]) && (isOwn(lines[end - 1]) || isInternal(lines[end - 1]))) end -= 1;
  // Where nothing of the program is left, Node's own frames tell more than none, unless the text leads with the place.
  const keepsInternal = (end === 0 || !isFrame(lines[end - 1])) && !test(PLACE, lines[0]);
  let text = '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (keepsInternal ? isFrame(line) && isOwn(line) : index >= end) continue;
    text += index === 0 ? line : `\n${line}`;
  }
  return text;
}

const isFrame = (line) => test(FRAME, line);
const isOwn = (line) => includes(line, OWN_FRAME);
const isInternal = (line) =>
  includes(line, 'node:internal/') ||
  includes(line, '(node:vm:') ||
  includes(line, '(node:inspector:') ||
  includes(line, '(node:diagnostics_channel:');

/** Reading from an error runs code of the program: getters, proxies, toString. What that throws is no more than a missing text. */
function attempt(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function shorten(text, limit) {
  if (text.length <= limit) return text;
  const mark = `\n... ${text.length - limit} characters left out ...\n`;
  const head = (limit - mark.length) >>> 1;
  return slice(text, 0, head) + mark + slice(text, text.length - (limit - mark.length - head));
}

module.exports = { describeError };
