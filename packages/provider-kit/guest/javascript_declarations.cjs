'use strict';
// V8's REPL mode lets a declaration be made anew when it is of the same kind. Cells may also change the kind: then the declaration is rewritten,
// with all lines in place, into one that does the same and that V8 takes.

const { isMember, scan } = require('./javascript_scanner.cjs');

const CONFLICT = /^Identifier '(.+)' has already been declared$/;

/** Top-level constants as variables, at the same columns: a constant could never be declared anew as a variable. */
function withoutConstants(code) {
  if (!code.includes('const')) return code;
  const tokens = scan(code);
  let text = code;
  for (const [index, token] of tokens.entries()) {
    if (!isKeyword(tokens, index, ['const'])) continue;
    text = `${text.slice(0, token.start)}let  ${text.slice(token.end)}`;
  }
  return text;
}

/**
 * The code with the declaration of a name that an earlier cell declared in another way rewritten: var and function into let, and the other
 * way. Undefined when the message is about something else or the name was rewritten before.
 */
function withOtherDeclaration(code, message, rewritten) {
  const name = CONFLICT.exec(message)?.[1];
  if (name === undefined || rewritten.has(name)) return undefined;
  rewritten.add(name);
  const tokens = scan(code);
  const index = declarationOf(tokens, name);
  if (index === -1) return undefined;
  const { text, start, end } = tokens[index];
  if (text === 'let' || text === 'const' || text === 'var') {
    const other = text === 'var' ? 'let' : 'var';
    return `${code.slice(0, start)}${other.padEnd(text.length)}${code.slice(end)}`;
  }
  const bodyEnd = endOfBody(tokens, index);
  if (bodyEnd === undefined) return undefined;
  const first = text === 'function' && tokens[index - 1]?.text === 'async' ? tokens[index - 1].start : start;
  const keyword = text === 'class' ? 'var' : 'let';
  return `${code.slice(0, first)}${keyword} ${name} = ${code.slice(first, bodyEnd)};${code.slice(bodyEnd)}`;
}

/** Where the declaration of a name begins: right before it, or before the list or the pattern that it stands in. */
function declarationOf(tokens, name) {
  const kinds = ['let', 'const', 'var', 'class', 'function'];
  for (let index = 0; index < tokens.length; index += 1) {
    if (!isKeyword(tokens, index, kinds)) continue;
    const named = tokens[index + 1]?.text === '*' ? index + 2 : index + 1;
    if (tokens[named]?.text === name) return index;
  }
  const place = tokens.findIndex((token, index) => token.text === name && !isMember(tokens[index - 1]));
  for (let index = place; index >= 0; index -= 1) if (isKeyword(tokens, index, kinds.slice(0, 3))) return index;
  return -1;
}

function isKeyword(tokens, index, words) {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token.kind !== 'word' || token.depth !== 0 || !words.includes(token.text) || isMember(tokens[index - 1])) return false;
  return next?.kind === 'word' || next?.text === '{' || next?.text === '[' || next?.text === '*';
}

function endOfBody(tokens, index) {
  const opening = tokens.findIndex((token, place) => place > index && token.depth === 0 && token.text === '{');
  const closing = opening === -1 ? -1 : tokens.findIndex((token, place) => place > opening && token.depth === 0 && token.text === '}');
  return closing === -1 ? undefined : tokens[closing].end;
}

module.exports = { withOtherDeclaration, withoutConstants };
