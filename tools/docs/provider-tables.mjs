// @ts-check
/** Tables of a provider's README that are made from its schema and its capabilities. */

/** @import { ConfigFieldDescription, ProviderCapabilities } from '../../packages/core/dist/index.js' */

/**
 * The folder of a provider's package. An id that was given elsewhere, to be found again in stored rows, may be longer than the folder's name.
 *
 * @param {string} id
 * @returns {string}
 */
export function folderOfProvider(id) {
  return id === 'aliyun_codeinterpreter' ? 'provider-aliyun' : `provider-${id.replaceAll('_', '-')}`;
}

/**
 * @param {readonly ConfigFieldDescription[]} fields
 * @returns {string}
 */
function renderConfigTable(fields) {
  const rows = fields.map((field) => `| \`${field.name}\` | ${field.help} | ${describeType(field)} | ${describeDefault(field)} |`);
  return ['| field | what it does | values | default |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** @param {ConfigFieldDescription} field */
function describeType({ type, options, min, max }) {
  if (options !== undefined) return options.map((option) => `\`${option}\``).join(', ');
  if (min === undefined || max === undefined) return type;
  return `${type}, ${min} to ${max}`;
}

/** @param {ConfigFieldDescription} field */
function describeDefault(field) {
  if (field.default !== undefined) return `\`${JSON.stringify(field.default)}\``;
  return field.required ? 'must be given' : 'empty';
}

/**
 * @param {ProviderCapabilities} capabilities
 * @returns {string}
 */
function renderCapabilitiesTable(capabilities) {
  const rows = flatten('', capabilities).map(([name, value]) => `| \`${name}\` | ${value} |`);
  return ['| capability | under the default configuration |', '| --- | --- |', ...rows].join('\n');
}

/**
 * @param {string} prefix
 * @param {object} value
 * @returns {[string, string][]}
 */
function flatten(prefix, value) {
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof member === 'object' && member !== null && !Array.isArray(member)) return flatten(`${prefix}${name}.`, member);
    const text = Array.isArray(member) ? member.join(', ') : String(member);
    return [/** @type {[string, string]} */ ([`${prefix}${name}`, text.replace('true', 'yes').replace('false', 'no')])];
  });
}

/**
 * Puts text between the two markers of a name.
 *
 * @param {string} page
 * @param {string} name
 * @param {string} content
 * @returns {string}
 */
export function replaceGenerated(page, name, content) {
  const begin = `<!-- generated:${name} -->`;
  const end = `<!-- /generated:${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no place for "${name}": it needs ${begin} and ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

/**
 * The least that a provider can be made with: what must be given has the example that its form shows.
 *
 * @param {readonly ConfigFieldDescription[]} fields
 * @returns {Record<string, string | undefined>}
 */
export function leastConfig(fields) {
  return Object.fromEntries(fields.filter(({ required }) => required).map(({ name, placeholder }) => [name, placeholder]));
}

/**
 * A provider's README with its tables as its definition has them.
 *
 * @param {string} page
 * @param {{ fields: readonly ConfigFieldDescription[], capabilities: ProviderCapabilities }} facts
 * @returns {string}
 */
export function renderProviderReadme(page, { fields, capabilities }) {
  return replaceGenerated(
    replaceGenerated(page, 'config', renderConfigTable(fields)),
    'capabilities',
    renderCapabilitiesTable(capabilities),
  );
}

/**
 * The page of docs/providers that tells of a provider.
 *
 * @param {string} id
 * @returns {string}
 */
export function pageOfProvider(id) {
  return `docs/providers/${folderOfProvider(id).replace('provider-', '')}.md`;
}

/**
 * A provider's page with its fields as its schema has them, where it has a place for them.
 *
 * @param {string} page
 * @param {readonly ConfigFieldDescription[]} fields
 * @returns {string}
 */
export function renderProviderPage(page, fields) {
  return page.includes('<!-- generated:config -->') ? replaceGenerated(page, 'config', renderConfigTable(fields)) : page;
}
