// Calls main of main.js with what args.json holds, as the executor manager of RAGFlow does, and prints the value behind its marker.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';

const require = createRequire(import.meta.url);
const folder = path.dirname(fileURLToPath(import.meta.url));

function fail(words, error) {
  process.stderr.write(error === undefined ? `${words}\n` : `${format(words, error)}\n`);
  // oxlint-disable-next-line unicorn/no-process-exit -- what the program left running ends with it
  process.exit(1);
}

function report(value) {
  if (value === undefined) fail('Error: main() must return a value. Use null for an empty result.');
  const text = JSON.stringify(value);
  if (text === undefined) fail('Error: main() returned a non-JSON-serializable value.');
  const result = `{"present":true,"value":${text},"type":"json"}`;
  process.stdout.write(`__RAGFLOW_RESULT__:${Buffer.from(result).toString('base64')}\n`);
}

function reportOrFail(value) {
  try {
    report(value);
  } catch (error) {
    fail('Error: main() returned a non-JSON-serializable value.', error);
  }
}

const given = JSON.parse(fs.readFileSync(path.join(folder, 'args.json'), 'utf8'));
if (typeof given !== 'object' || given === null) fail('Error: args is not a valid object:', given);
const file = path.join(folder, 'main.js');
if (!fs.existsSync(file)) fail('main.js not found in the current directory');
const exported = require(file);
const main = typeof exported === 'function' ? exported : exported.main;
if (typeof main !== 'function') fail('Error: main is not a function');
/** @param {unknown} error */
const failAsync = (error) => fail('Error in async main function:', error);
Promise.resolve(main(given)).then(reportOrFail, failAsync);
