'use strict';
// Tells a CommonJS program from an ES module by parsing it, and makes a top-level `main` reachable. Nothing is executed here.

const path = require('node:path');
const url = require('node:url');
const vm = require('node:vm');

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const HOOK = '__sandport_main__';

/**
 * Parses the source. Gives {format: 'commonjs' | 'module', path, text, hasMain}, where `text` is the source with a last line that hands out
 * `main` (under the name HOOK: a sixth parameter, or an export) when there is such a binding.
 * Throws the SyntaxError of the parse that got further; its stack begins with file, line and a mark below the column.
 */
function parseSource(source, folder) {
  const plain = withoutMarks(source);
  const files = { commonjs: path.join(folder, 'main.js'), module: path.join(folder, 'main.mjs') };
  const scriptError = syntaxErrorOf(() => compileCommonJs(plain, files.commonjs));
  if (scriptError === undefined) return commonJs(plain, files.commonjs);
  const moduleError = syntaxErrorOf(() => new vm.SourceTextModule(plain, { identifier: url.pathToFileURL(files.module).href }));
  if (moduleError === undefined) return esModule(plain, files.module);
  const furthest = isFurther(placeOf(moduleError), placeOf(scriptError)) ? moduleError : scriptError;
  // Below the message are frames of the parser's caller only; a parser that ran out of stack says nothing of the program at all.
  furthest.stack =
    furthest instanceof SyntaxError ? furthest.stack.replace(/\n\s+at [\s\S]*$/, '') : `${furthest.name}: ${furthest.message}`;
  throw furthest;
}

function commonJs(plain, file) {
  const program = { format: 'commonjs', path: file, text: plain, hasMain: false };
  if (!plain.includes('main')) return program;
  // A second declaration of a name that is declared already does not parse.
  program.hasMain = syntaxErrorOf(() => compileCommonJs(`${plain}\n;let main;`, file)) !== undefined;
  const hooked = `${plain}\n;${HOOK}(typeof main === 'undefined' ? undefined : main);`;
  if (syntaxErrorOf(() => compileCommonJs(hooked, file)) === undefined) program.text = hooked;
  return program;
}

function esModule(plain, file) {
  const program = { format: 'module', path: file, text: plain, hasMain: false };
  if (!plain.includes('main')) return program;
  // Exporting a name that is not declared does not parse.
  const hooked = `${plain}\n;export { main as ${HOOK} };`;
  program.hasMain = syntaxErrorOf(() => new vm.SourceTextModule(hooked)) === undefined;
  if (program.hasMain) program.text = hooked;
  return program;
}

function compileCommonJs(text, file, options = {}) {
  return vm.compileFunction(text, [...PARAMETERS, HOOK], { filename: file, ...options });
}

/** A byte-order mark and a line `#!` belong to a file, not to the body of a function. Lines keep their numbers. */
function withoutMarks(source) {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  return text.startsWith('#!') ? `//${text.slice(2)}` : text;
}

/**
 * The SyntaxError of a parse, its stack led by file, line and source line. Only running a script in a context makes Node write
 * these for a module, so a parse that fails is repeated there.
 * @returns {Error | undefined}
 */
function syntaxErrorOf(parse) {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError) || placeOf(error).line > 0) return error;
  }
  try {
    vm.runInNewContext('parse()', { parse });
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Line and column of a syntax error; line 0 when its stack does not say, and when the parser ran out of stack. */
function placeOf(error) {
  const place = error instanceof SyntaxError ? /^[^\n]*:(\d+)\n[^\n]*\n( *)/.exec(error.stack) : null;
  return place === null ? { line: 0, column: 0 } : { line: Number(place[1]), column: place[2].length };
}

function isFurther(left, right) {
  return left.line === right.line ? left.column > right.column : left.line > right.line;
}

module.exports = { compileCommonJs, parseSource, HOOK };
