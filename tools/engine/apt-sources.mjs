// @ts-check

/** @typedef {Record<string, string>} Stanza field names in lower case */

/**
 * Reads the format of Debian's control files: stanzas of `Field: value`, continued on indented lines.
 *
 * @param {string} text
 * @returns {Stanza[]}
 */
export function parseStanzas(text) {
  /** @type {Stanza[]} */
  const stanzas = [];
  for (const block of text.split(/\n\s*\n/)) {
    /** @type {Stanza} */
    const stanza = {};
    let field = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('#') || line.trim() === '') continue;
      const start = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/.exec(line);
      if (start !== null) {
        field = (start[1] ?? '').toLowerCase();
        stanza[field] = start[2] ?? '';
      } else if (field !== '') {
        stanza[field] += `\n${line}`;
      }
    }
    if (Object.keys(stanza).length > 0) stanzas.push(stanza);
  }
  return stanzas;
}

/**
 * The archive that this machine's release comes from.
 *
 * @param {string} indexTargets what `apt-get indextargets` prints
 * @param {string} codename the release's code name
 * @returns {{ uri: string, suite: string, components: string[], sourceFile: string } | null}
 */
export function releaseArchive(indexTargets, codename) {
  const targets = parseStanzas(indexTargets)
    .filter((stanza) => stanza['created-by'] === 'Packages')
    .filter((stanza) => stanza['codename'] === codename || stanza['release'] === codename)
    .map((stanza) => ({
      uri: stanza['repo-uri'] ?? '',
      suite: stanza['release'] ?? codename,
      component: stanza['component'] ?? '',
      sourceFile: (stanza['sourcesentry'] ?? '').replace(/:\d+$/, ''),
    }));
  const first = targets.find(({ uri }) => uri !== '');
  if (first === undefined) return null;
  const components = targets.filter(({ uri, component }) => uri === first.uri && component !== '').map(({ component }) => component);
  return { uri: first.uri, suite: first.suite, components: [...new Set(components)], sourceFile: first.sourceFile };
}

/** @param {string} uri */
const withoutTrailingSlash = (uri) => uri.replace(/\/+$/, '');

/**
 * The key that the machine's administrator chose for an archive: a file, a fingerprint or the key itself.
 *
 * @param {{ fileName: string, text: string }} source one of apt's source files, in either of the two formats
 * @param {{ uri: string, suite: string }} archive
 * @returns {string | null} null when none is named, and apt's trusted keys apply
 */
export function signedBy({ fileName, text }, { uri, suite }) {
  const wantedUri = withoutTrailingSlash(uri);
  if (fileName.endsWith('.sources')) {
    const stanza = parseStanzas(text).find(({ uris = '', suites = '' }) => {
      return uris.split(/\s+/).map(withoutTrailingSlash).includes(wantedUri) && suites.split(/\s+/).includes(suite);
    });
    return stanza?.['signed-by'] ?? null;
  }
  for (const line of text.split('\n')) {
    const entry = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(line.trim());
    if (entry === null || withoutTrailingSlash(entry[2] ?? '') !== wantedUri || entry[3] !== suite) continue;
    const option = /(?:^|\s)signed-by=(\S+)/i.exec(entry[1] ?? '');
    if (option !== null) return (option[1] ?? '').replaceAll(',', ' ');
  }
  return null;
}

/**
 * @param {{ uri: string, codename: string, components: readonly string[], signedBy: string | null }} archive
 * @returns {string} an apt source, in stanza format, for the release's backports
 */
export function backportsSource({ uri, codename, components, signedBy: key }) {
  const fields = ['Types: deb', `URIs: ${uri}`, `Suites: ${codename}-backports`, `Components: ${components.join(' ')}`];
  if (key !== null) fields.push(`Signed-By: ${key}`);
  return `${fields.join('\n')}\n`;
}

/**
 * @param {string} policy what `apt-cache policy NAME…` prints
 * @returns {Map<string, string>} package names with the version that would be installed
 */
export function parseCandidates(policy) {
  /** @type {Map<string, string>} */
  const candidates = new Map();
  let name = '';
  for (const line of policy.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading !== null) name = heading[1] ?? '';
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line);
    if (candidate !== null && candidate[1] !== '(none)') candidates.set(name, candidate[1] ?? '');
  }
  return candidates;
}
