// @ts-check
/** Tables of docs/observability.md that are made from the names in the sources. */
import { replaceGenerated } from './provider-tables.mjs';

/** @import { AttributeFacts, MetricFacts, SpanFacts } from '../../packages/provider-kit/dist/index.js' */

/**
 * @typedef {object} TelemetryNames
 * @property {Readonly<Record<string, AttributeFacts>>} attributes
 * @property {Readonly<Record<string, MetricFacts>>} metrics
 * @property {Readonly<Record<string, SpanFacts>>} spans
 */

/**
 * The page with its tables as the sources have them.
 *
 * @param {string} page
 * @param {TelemetryNames} names
 * @returns {string}
 */
export function renderObservabilityPage(page, { attributes, metrics, spans }) {
  /** @param {readonly string[]} keys */
  const namesOf = (keys) => keys.map((key) => `\`${attributes[key]?.name}\``).join(', ');
  const metricRows = Object.values(metrics).map(
    ({ name, instrument, unit, description, attributes: keys }) =>
      `| \`${name}\` | ${instrument.replaceAll('-', ' ')} | \`${unit}\` | ${description} | ${namesOf(keys)} |`,
  );
  const spanRows = Object.values(spans).map(
    ({ name, description, attributes: keys }) => `| \`${name}\` | ${description} | ${namesOf(keys)} |`,
  );
  const attributeRows = Object.values(attributes).map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`);
  return [
    /** @type {const} */ (['metrics', ['metric', 'instrument', 'unit', 'what it says', 'attributes'], metricRows]),
    /** @type {const} */ (['spans', ['span', 'what it covers', 'attributes'], spanRows]),
    /** @type {const} */ (['attributes', ['attribute', 'what it says'], attributeRows]),
  ].reduce((text, [name, columns, rows]) => replaceGenerated(text, name, tableOf(columns, rows)), page);
}

/**
 * @param {readonly string[]} columns
 * @param {readonly string[]} rows
 */
function tableOf(columns, rows) {
  return [`| ${columns.join(' | ')} |`, `|${' --- |'.repeat(columns.length)}`, ...rows].join('\n');
}
