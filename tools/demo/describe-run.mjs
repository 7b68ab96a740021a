// @ts-check
import { isDeepStrictEqual } from 'node:util';

/** @import { ExecutionResult } from '../../packages/core/dist/index.js' */

const phases = /** @type {const} */ ([
  ['queueMs', 'queue'],
  ['claimMs', 'claim'],
  ['startMs', 'start'],
  ['runMs', 'run'],
  ['collectMs', 'collect'],
  ['totalMs', 'total'],
]);

/**
 * @param {ExecutionResult} result
 * @param {unknown} expectedValue
 * @returns {boolean} whether the program completed with exactly this value
 */
export function isExpected(result, expectedValue) {
  return result.status === 'completed' && isDeepStrictEqual(result.value, expectedValue);
}

/**
 * @param {string} title
 * @param {ExecutionResult} result
 * @returns {string[]} lines for a reader
 */
export function describeRun(title, result) {
  const outcome = result.status === 'completed' ? ['value', result.valueJson ?? '(none)'] : ['stderr', result.stderr.trim()];
  const clock = phases.map(([member, name]) => `${name} ${result.clock[member].toFixed(1)} ms`).join(', ');
  return [
    title,
    ...[
      ['provider', result.providerId],
      ['isolation', describeIsolation(result.isolation)],
      ['status', result.error === null ? result.status : `${result.status}: ${result.error.type}: ${result.error.message}`],
      outcome,
      ['clock', clock],
    ].map(([name = '', text = '']) => `  ${name.padEnd(10)}${text}`),
  ];
}

/** @param {ExecutionResult['isolation']} isolation */
function describeIsolation({ kind, measuredBy, hardening = [] }) {
  const besides = hardening.length === 0 ? '' : `; taken from the process besides: ${hardening.join(', ')}`;
  return `${kind} (measured by ${measuredBy}${besides})`;
}
