// @ts-check

/**
 * Bans decisions that rest on the wording of an error: `error.message.includes('…')`, `/…/.test(error.message)`,
 * `error.message === '…'`. A vendor may reword a message in a patch release, and a program may print anything it likes;
 * codes, statuses and events are what may be branched on.
 */

/**
 * What this rule needs of a syntax node.
 *
 * @typedef {{ type: string, [member: string]: unknown }} SyntaxNode
 * @typedef {{ report: (finding: { node: SyntaxNode, message: string }) => void }} RuleContext
 */

const readingMethods = new Set(['includes', 'match', 'matchAll', 'startsWith', 'endsWith', 'search', 'indexOf', 'lastIndexOf']);
const testingMethods = new Set(['test', 'exec']);
const comparisons = new Set(['===', '!==', '==', '!=']);
const messageNames = new Set(['message', 'stderr', 'stdout', 'traceback']);

const advice = 'Decide by a code, a status or an event, never by the wording of a text that somebody else may change.';

/**
 * @param {unknown} value
 * @returns {SyntaxNode | undefined}
 */
function unwrap(value) {
  if (typeof value !== 'object' || value === null) return undefined;
  const node = /** @type {SyntaxNode} */ (value);
  const isWrapper = ['ChainExpression', 'TSNonNullExpression', 'TSAsExpression', 'ParenthesizedExpression'].includes(node.type);
  return isWrapper ? unwrap(node['expression']) : node;
}

/**
 * @param {unknown} value
 * @returns {string | undefined} the name in `something.name`
 */
function propertyName(value) {
  const node = unwrap(value);
  if (node?.type !== 'MemberExpression' || node['computed'] === true) return undefined;
  const property = unwrap(node['property']);
  return property?.type === 'Identifier' ? String(property['name']) : undefined;
}

/**
 * @param {unknown} value
 * @returns {boolean} whether it is `something.message`, also as `something.message.toLowerCase()`
 */
function isMessage(value) {
  const node = unwrap(value);
  if (node?.type === 'CallExpression') {
    const callee = unwrap(node['callee']);
    return callee?.type === 'MemberExpression' && isMessage(callee['object']);
  }
  const name = propertyName(node);
  return name !== undefined && messageNames.has(name);
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function isText(value) {
  const node = unwrap(value);
  return node?.type === 'TemplateLiteral' || (node?.type === 'Literal' && typeof node['value'] === 'string');
}

/**
 * @param {SyntaxNode} call
 * @returns {boolean}
 */
function readsMessage(call) {
  const callee = unwrap(call['callee']);
  const method = propertyName(callee);
  if (callee === undefined || method === undefined) return false;
  if (readingMethods.has(method)) return isMessage(callee['object']);
  const parameters = Array.isArray(call['arguments']) ? call['arguments'] : [];
  return testingMethods.has(method) && parameters.some((parameter) => isMessage(parameter));
}

export const noVerdictFromMessage = {
  meta: { type: 'problem', docs: { description: 'No decision may rest on the wording of a message.' } },
  /** @param {RuleContext} context */
  create(context) {
    return {
      /** @param {SyntaxNode} node */
      CallExpression(node) {
        if (readsMessage(node)) context.report({ node, message: advice });
      },
      /** @param {SyntaxNode} node */
      BinaryExpression(node) {
        if (!comparisons.has(String(node['operator']))) return;
        const sides = [node['left'], node['right']];
        if (sides.some((side) => isMessage(side)) && sides.some((side) => isText(side))) context.report({ node, message: advice });
      },
    };
  },
};
