'use strict';
// Rich results: writes what a program displays to `artifacts/display/` of its work folder, as files numbered in order. See README.md. User code
// may replace any built-in, so what is needed is taken when the runner boots.

const fs = require('node:fs');
const path = require('node:path');
const { inspect, types } = require('node:util');
const { writeError } = require('./javascript_channel.cjs');
const { encodeValue } = require('./javascript_value.cjs');

const { constants, lstatSync, mkdirSync, openSync, writeSync, closeSync, readdirSync } = fs;
const { defineProperty, hasOwn, keys } = Object;
const { stringify } = JSON;
const bufferOf = Buffer.from;
const StringOf = String;
const TypeErrorOf = TypeError;

const FORM = Symbol.for('Jupyter.display');
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const MAX_MESSAGE_LENGTH = 500;

/** The first form that a value has is the one that is written. */
const EXTENSIONS = [
  ['text/html', 'html'],
  ['image/svg+xml', 'svg'],
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['text/markdown', 'md'],
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['text/plain', 'txt'],
];
const SIGNATURES = [
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['jpg', [0xff, 0xd8, 0xff]],
];

/** The `display` of one process. Nothing here throws for a value that cannot be shown: a line on stderr says so. */
class Display {
  #folder;
  #count;
  #pending = 0;
  #wake = () => undefined;

  constructor(workFolder) {
    this.#folder = path.resolve(workFolder);
  }

  /** Makes `display` a global name. */
  install() {
    const display = (...values) => {
      for (const value of values) this.#attempt(() => this.#show(value));
    };
    display.raw = (...bundles) => {
      for (const bundle of bundles) this.#attempt(() => this.#showBundle(bundle));
    };
    defineProperty(globalThis, 'display', { value: display, writable: true, configurable: true, enumerable: false });
  }

  /** Shows the value when it has a form richer than text. */
  displayRich(value) {
    this.#attempt(() => this.#showRich(value));
  }

  /** Whether a form is still awaited. */
  get isPending() {
    return this.#pending > 0;
  }

  /** Resolves when no form is awaited any more. */
  async settled() {
    while (this.#pending > 0) await new Promise((resolve) => (this.#wake = resolve));
  }

  #attempt(action) {
    try {
      action();
    } catch (error) {
      warn(error);
    }
  }

  #show(value) {
    if (this.#showRich(value)) return;
    if (typeof value === 'string') this.#write('txt', value);
    else if (typeof value === 'object' && value !== null) this.#showObject(value);
    else this.#write('txt', inspect(value));
  }

  #showObject(value) {
    let text;
    try {
      text = encodeValue(value);
    } catch {
      // No JSON: the text form is what is left.
      this.#write('txt', inspect(value));
      return;
    }
    this.#write('json', text);
  }

  #showRich(value) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
    const extension = types.isUint8Array(value)
      ? SIGNATURES.find(([, bytes]) => bytes.every((byte, index) => value[index] === byte))?.[0]
      : undefined;
    if (extension !== undefined) {
      this.#write(extension, value);
      return true;
    }
    if (typeof value[FORM] !== 'function') return false;
    const bundle = value[FORM]();
    if (typeof bundle?.then === 'function') void this.#showLater(bundle);
    else this.#showBundle(bundle);
    return true;
  }

  async #showLater(promise) {
    this.#pending += 1;
    // Its place in the order is that of the call.
    const number = this.#nextNumber();
    try {
      this.#showBundle(await promise, number);
    } catch (error) {
      warn(error);
    } finally {
      this.#pending -= 1;
      this.#wake();
    }
  }

  #showBundle(bundle, number) {
    const form = formOf(bundle);
    if (form === undefined) throw new TypeErrorOf('none of the media types can be displayed');
    this.#write(form[0], form[1], number);
  }

  #write(extension, content, number) {
    const descriptor = this.#create(extension, number);
    try {
      const bytes = typeof content === 'string' ? bufferOf(content, 'utf8') : content;
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    } finally {
      closeSync(descriptor);
    }
  }

  #create(extension, reserved) {
    for (let number = reserved ?? this.#nextNumber(); ; number = this.#nextNumber()) {
      try {
        return openSync(path.join(this.#openFolder(), `${StringOf(number).padStart(4, '0')}.${extension}`), FLAGS, 0o644);
      } catch (error) {
        // Another process of the program was faster.
        if (error.code !== 'EEXIST') throw error;
      }
    }
  }

  #nextNumber() {
    // An earlier process of this sandbox may have left some.
    this.#count ??= readdirSync(this.#openFolder()).reduce((highest, name) => Math.max(highest, numberOf(name)), 0);
    this.#count += 1;
    return this.#count;
  }

  /** The folder, made anew when the program removed it. A link in its place is not followed. */
  #openFolder() {
    let folder = this.#folder;
    for (const part of ['artifacts', 'display']) {
      folder = path.join(folder, part);
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      if (!lstatSync(folder).isDirectory()) throw new TypeErrorOf(`${part} is a link`);
    }
    return folder;
  }
}

/** Extension and content of the richest form in a bundle of media types, or undefined. */
function formOf(bundle) {
  if (typeof bundle !== 'object' || bundle === null) return undefined;
  for (const [mediaType, extension] of EXTENSIONS) {
    if (extension === 'txt') {
      const json = keys(bundle).find((key) => key.endsWith('+json'));
      if (json !== undefined) return ['json', stringify(bundle[json])];
    }
    if (hasOwn(bundle, mediaType) && bundle[mediaType] !== undefined) return [extension, contentOf(mediaType, bundle[mediaType])];
  }
  return undefined;
}

function contentOf(mediaType, data) {
  if (mediaType === 'application/json') return stringify(data);
  if (types.isUint8Array(data)) return data;
  const isPicture = mediaType === 'image/png' || mediaType === 'image/jpeg';
  return isPicture ? bufferOf(StringOf(data), 'base64') : StringOf(data);
}

function numberOf(name) {
  const digits = /^(\d{4,9})\./.exec(name)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

function warn(error) {
  let text;
  try {
    text = (types.isNativeError(error) ? `${error.name}: ${error.message}` : inspect(error))
      .replaceAll(/\s+/g, ' ')
      .slice(0, MAX_MESSAGE_LENGTH);
  } catch {
    // A getter of the program failed.
    text = 'an error that cannot be shown';
  }
  writeError(`display: ${text}\n`);
}

module.exports = { Display };
