'use strict';
// What a cell has besides its own declarations: its arguments, and what it imports.

const vm = require('node:vm');

const { defineProperty, hasOwn, keys } = Object;
const SyntaxErrorOf = SyntaxError;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Makes the arguments of a cell variables of the context. */
function setVariables(values) {
  for (const name of keys(values)) {
    if (NAME.test(name) && assignVariable(name, values[name])) continue;
    defineProperty(globalThis, name, { value: values[name], writable: true, configurable: true, enumerable: true });
  }
}

/** An earlier cell may have declared the name, in one of several ways. */
function assignVariable(name, value) {
  try {
    vm.runInThisContext(`(value) => { ${name} = value; }`)(value);
    return true;
  } catch {
    // A reserved word, or a name that has no value yet.
    return false;
  }
}

/** Does what the import declarations of a cell say, before the cell, as a module does. Gives names and values. */
async function importAll(imports, load) {
  const values = [];
  for (const declaration of imports) values.push(...(await importOne(declaration, load)));
  return values;
}

async function importOne({ specifier, attributes, bindings, namespace: whole }, load) {
  const namespace = await load(specifier, attributes);
  const values = whole === undefined ? [] : [[whole, namespace]];
  for (const [name, local] of bindings) {
    if (!hasOwn(namespace, name)) throw syntaxError(`The requested module '${specifier}' does not provide an export named '${name}'`);
    values.push([local, namespace[name]]);
  }
  return values;
}

function syntaxError(message) {
  const error = new SyntaxErrorOf(message);
  error.stack = `SyntaxError: ${message}`;
  return error;
}

module.exports = { importAll, setVariables };
