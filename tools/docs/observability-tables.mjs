// @ts-check
/** Tables of docs/observability.md that are made from the names in the sources. */
import { replaceGenerated } from './provider-tables.mjs';

/**
 * @typedef {object} AttributeFacts
 * @property {string} name
 * @property {string} meaning
 */

/**
 * @typedef {object} MetricFacts
 * @property {string} name
 * @property {string} instrument
 * @property {string} unit
 * @property {string} description
 * @property {readonly string[]} attributes
 */

/**
 * @typedef {object} SpanFacts
 * @property {string} name
 * @property {string} description
 * @property {readonly string[]} attributes
 */

/**
 * @typedef {object} TelemetryNames
 * @property {Readonly<Record<string, AttributeFacts>>} attributes
 * @property {Readonly<Record<string, MetricFacts>>} metrics
 * @property {Readonly<Record<string, SpanFacts>>} spans
 */

/** What each package tells. @typedef {{ provider: TelemetryNames, client: TelemetryNames }} AllTelemetryNames */

/**
 * The page with its tables as the sources have them.
 *
 * @param {string} page
 * @param {AllTelemetryNames} names
 * @returns {string}
 */
export function renderObservabilityPage(page, { provider, client }) {
  const sections = [
    /** @type {const} */ (['metrics', metricsTable(provider)]),
    /** @type {const} */ (['client-metrics', metricsTable(client)]),
    /** @type {const} */ (['spans', spansTable(provider)]),
    /** @type {const} */ (['client-spans', spansTable(client)]),
    /** @type {const} */ (['attributes', attributesTable([provider, client])]),
  ];
  return sections.reduce((text, [name, table]) => replaceGenerated(text, name, table), page);
}

/** @param {TelemetryNames} names */
function metricsTable({ attributes, metrics }) {
  const rows = Object.values(metrics).map(
    ({ name, instrument, unit, description, attributes: keys }) =>
      `| \`${name}\` | ${instrument.replaceAll('-', ' ')} | \`${unit}\` | ${description} | ${namesOf(attributes, keys)} |`,
  );
  return tableOf(['metric', 'instrument', 'unit', 'what it says', 'attributes'], rows);
}

/** @param {TelemetryNames} names */
function spansTable({ attributes, spans }) {
  const rows = Object.values(spans).map(
    ({ name, description, attributes: keys }) => `| \`${name}\` | ${description} | ${namesOf(attributes, keys)} |`,
  );
  return tableOf(['span', 'what it covers', 'attributes'], rows);
}

/**
 * An attribute that several packages set means the same in all of them, and has one row.
 *
 * @param {readonly TelemetryNames[]} packages
 */
function attributesTable(packages) {
  const rows = packages.flatMap(({ attributes }) => Object.values(attributes).map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`));
  return tableOf(['attribute', 'what it says'], [...new Set(rows)]);
}

/**
 * @param {TelemetryNames['attributes']} attributes
 * @param {readonly string[]} keys
 */
function namesOf(attributes, keys) {
  return keys.map((key) => `\`${attributes[key]?.name}\``).join(', ');
}

/**
 * @param {readonly string[]} columns
 * @param {readonly string[]} rows
 */
function tableOf(columns, rows) {
  return [`| ${columns.join(' | ')} |`, `|${' --- |'.repeat(columns.length)}`, ...rows].join('\n');
}
