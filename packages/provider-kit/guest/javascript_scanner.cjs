'use strict';
// Splits JavaScript into tokens, as far as is needed to find the word `import`: comments, texts, templates and regular expressions are told
// apart from code. Whether a slash divides or begins a regular expression follows from the token before it.

const SPACE = /(?:\s|\/\/.*|\/\*[^]*?\*\/)+/uy;
const WORD = /[\p{ID_Start}$_#\\][\p{ID_Continue}$\\]*/uy;
const NUMBER = /\.?\d(?:[eE][+-]|[\w.])*/uy;
const STRING = /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/uy;
const TEMPLATE_PART = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/uy;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/uy;
const PUNCTUATOR = /=>|\+\+|--|\?\.(?!\d)|\.\.\.|[^]/uy;

/** Words after which an expression begins. */
const BEFORE_EXPRESSION = new Set(
  'return typeof case do else in of instanceof new delete void throw await yield import extends default'.split(' '),
);
const BEFORE_CONDITION = new Set(['if', 'while', 'for', 'with']);

/** Gives the tokens as {kind, text, start, end, depth}; kind is word, number, string, template, regex or punctuator. */
function scan(source) {
  const tokens = [];
  const open = [];
  let position = 0;
  const match = (pattern) => {
    pattern.lastIndex = position;
    return pattern.exec(source)?.[0];
  };
  const add = (kind, text) => {
    tokens.push({ kind, text, start: position, end: position + text.length, depth: open.length });
    position += text.length;
  };
  while (position < source.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      position += space.length;
      continue;
    }
    const character = source[position];
    const isTemplatePart = character === '`' || (character === '}' && open.at(-1)?.kind === 'template');
    if (isTemplatePart) {
      if (character === '}') open.pop();
      position += 1;
      const text = match(TEMPLATE_PART) ?? source.slice(position);
      position -= 1;
      add('template', character + text);
      if (text.endsWith('${')) open.push({ kind: 'template' });
      continue;
    }
    const token =
      take('word', WORD) ??
      take('number', NUMBER) ??
      take('string', STRING) ??
      (isBeforeExpression(tokens) ? take('regex', REGEX) : undefined);
    if (token !== undefined) {
      add(...token);
      continue;
    }
    addPunctuator(match(PUNCTUATOR));
  }
  return tokens;

  function take(kind, pattern) {
    const text = match(pattern);
    return text === undefined ? undefined : [kind, text];
  }

  function addPunctuator(text) {
    if (')]}'.includes(text)) {
      const opened = open.pop();
      add('punctuator', text);
      Object.assign(tokens.at(-1), { endsExpression: opened === undefined || opened.isExpression });
      return;
    }
    const before = tokens.at(-1);
    if (text === '(') open.push({ kind: text, isExpression: before?.kind !== 'word' || !BEFORE_CONDITION.has(before.text) });
    else if (text === '[') open.push({ kind: text, isExpression: true });
    else if (text === '{') open.push({ kind: text, isExpression: isObject(tokens) });
    const depth = '([{'.includes(text) ? open.length - 1 : open.length;
    add('punctuator', text);
    tokens.at(-1).depth = depth;
  }
}

/** Whether a slash that follows begins a regular expression. */
function isBeforeExpression(tokens) {
  const before = tokens.at(-1);
  if (before === undefined) return true;
  if (before.kind === 'word') return BEFORE_EXPRESSION.has(before.text) && !isMember(tokens.at(-2));
  if (before.kind === 'template') return before.text.endsWith('${');
  if (before.kind !== 'punctuator' || before.text === '++' || before.text === '--') return false;
  return ')]}'.includes(before.text) ? before.endsExpression === false : true;
}

/** Whether a brace that follows opens an object, or a block or a body. */
function isObject(tokens) {
  const before = tokens.at(-1);
  if (before === undefined || before.text === '=>' || before.text === ')' || before.text === ';' || before.text === '}') return false;
  if (before.kind === 'word') return BEFORE_EXPRESSION.has(before.text) && !['do', 'else'].includes(before.text);
  return before.text !== '{' && before.text !== ':' && isBeforeExpression(tokens);
}

const isMember = (token) => token?.text === '.' || token?.text === '?.';

module.exports = { isMember, scan };
