// @ts-check
/** @import { InstallWeight } from './measure-install.mjs' */

/** Between these the README states what was measured. */
const BEGIN = '<!-- install-weight -->';
const END = '<!-- /install-weight -->';

/**
 * @typedef {{ provider: string, cold: InstallWeight, warm: InstallWeight }} MeasuredInstallation `cold` with an empty cache of npm, `warm` with one that has everything
 */

/**
 * @param {readonly MeasuredInstallation[]} installations
 * @returns {string} a table in Markdown
 */
export function renderWeights(installations) {
  const rows = installations.map(({ provider, cold, warm }) => {
    const times = [cold, warm].map(({ installMs }) => `${(installMs / 1000).toFixed(1)} s`);
    return `| \`@sandport/client\` and \`@sandport/provider-${provider}\` | ${inMegabytes(cold.bytes)} MB | ${cold.packages} | ${cold.files} | ${times.join(' | ')} |`;
  });
  return ['| installed | size | packages | files | first time | again |', '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/**
 * @param {string} page
 * @param {string} table
 * @returns {string} the page with the table in its place
 */
export function replaceWeights(page, table) {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no place for the table: ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}

/**
 * @param {string} page
 * @returns {Map<string, number>} stated size in megabytes by provider
 */
export function statedSizes(page) {
  const table = page.split(BEGIN)[1]?.split(END)[0] ?? '';
  return new Map([...table.matchAll(/provider-([a-z0-9-]+)` \| ([\d.]+) MB/g)].map(([, provider = '', size]) => [provider, Number(size)]));
}

/** @param {number} bytes */
function inMegabytes(bytes) {
  return (bytes / 1_000_000).toFixed(1);
}
