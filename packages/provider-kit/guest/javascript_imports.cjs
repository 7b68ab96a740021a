'use strict';
// A cell is a script, and a script has no import declarations; V8 gives a script that comes from its inspector no `import()` either. So
// declarations are taken out, to be done before the cell, and the word `import` of the other two is replaced by a name of the same length.

const vm = require('node:vm');
const { isMember, scan } = require('./javascript_scanner.cjs');

/** Stands for `import` in `import(…)` and `import.meta`. A global name of the context. */
const IMPORT_NAME = '$imprt';
const NAME = /^[\p{ID_Start}$_]/u;

/**
 * Gives {text, imports}: the code without its import declarations, with all lines and columns in place, and what the declarations say:
 * {specifier, attributes, pattern, names}, where the pattern takes the bindings out of the module's namespace.
 */
function takeImports(code) {
  if (!code.includes('import')) return { text: code, imports: [] };
  const tokens = scan(code);
  const imports = [];
  const pieces = [];
  let end = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token.text !== 'import' || token.kind !== 'word' || isMember(tokens[index - 1])) continue;
    const next = tokens[index + 1];
    if ((next?.text === '(' && !isMethod(tokens, index + 1)) || next?.text === '.') {
      pieces.push(code.slice(end, token.start), IMPORT_NAME);
      end = token.end;
      continue;
    }
    const declaration = token.depth === 0 ? readDeclaration(tokens, index + 1) : undefined;
    if (declaration === undefined) continue;
    imports.push(declaration.content);
    const last = tokens[declaration.last];
    pieces.push(code.slice(end, token.start), code.slice(token.start, last.end).replaceAll(/[^\n\r]/g, ' '));
    end = last.end;
    index = declaration.last;
  }
  pieces.push(code.slice(end));
  return { text: pieces.join(''), imports };
}

/** A method may have this name: `{ import() { … } }`. */
function isMethod(tokens, opening) {
  const { depth } = tokens[opening];
  const closing = tokens.findIndex((token, index) => index > opening && token.text === ')' && token.depth === depth);
  return closing !== -1 && tokens[closing + 1]?.text === '{';
}

/** Reads from after the word `import`; undefined for what is no declaration. */
function readDeclaration(tokens, start) {
  let index = start;
  const take = (text) => (tokens[index]?.text === text ? ((index += 1), true) : false);
  const takeWord = () => (tokens[index]?.kind === 'word' && NAME.test(tokens[index].text) ? tokens[index++].text : undefined);
  const takeString = () => (tokens[index]?.kind === 'string' ? valueOf(tokens[index++].text) : undefined);
  const bindings = [];
  let namespace;
  if (tokens[index]?.kind !== 'string') {
    const whole = takeWord();
    if (whole !== undefined) bindings.push(['default', whole]);
    if (whole === undefined || take(',')) {
      if (take('*')) {
        if (!take('as')) return undefined;
        namespace = takeWord();
      } else if (!takeNames()) return undefined;
    }
    if (!take('from')) return undefined;
  }
  const specifier = takeString();
  if (specifier === undefined) return undefined;
  const attributes = takeAttributes();
  if (attributes === undefined) return undefined;
  take(';');
  return { last: index - 1, content: { specifier, attributes, bindings, namespace } };

  function takeNames() {
    if (!take('{')) return false;
    while (!take('}')) {
      const name = takeWord() ?? takeString();
      const local = take('as') ? takeWord() : name;
      if (name === undefined || local === undefined) return false;
      bindings.push([name, local]);
      if (!take(',') && tokens[index]?.text !== '}') return false;
    }
    return true;
  }

  function takeAttributes() {
    const found = {};
    if (!['with', 'assert'].includes(tokens[index]?.text) || tokens[index + 1]?.text !== '{') return found;
    index += 2;
    while (!take('}')) {
      const key = takeWord() ?? takeString();
      if (key === undefined || !take(':')) return undefined;
      const value = takeString();
      if (value === undefined) return undefined;
      found[key] = value;
      if (!take(',') && tokens[index]?.text !== '}') return undefined;
    }
    return found;
  }
}

/** What a string literal means. It was scanned as a whole, so nothing else can run here. */
function valueOf(literal) {
  return vm.runInThisContext(literal);
}

module.exports = { IMPORT_NAME, takeImports };
