// @ts-check

/**
 * Puts packages into an order in which each comes after those that it depends on: whoever installs one that was just published finds the others.
 *
 * @template {{ manifest: import('../registry/package-document.mjs').PackedManifest }} P
 * @param {readonly P[]} packages
 * @returns {P[]}
 * @throws Error when some depend on each other in a circle
 */
export function inPublishingOrder(packages) {
  const waiting = new Map(packages.map((each) => [each.manifest.name, each]));
  /** @type {P[]} */
  const ordered = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ manifest }) => dependenciesOf(manifest).every((name) => !waiting.has(name)));
    if (ready.length === 0) throw new Error(`These depend on each other: ${[...waiting.keys()].join(', ')}`);
    for (const each of ready) {
      ordered.push(each);
      waiting.delete(each.manifest.name);
    }
  }
  return ordered;
}

/**
 * @param {import('../registry/package-document.mjs').PackedManifest} manifest
 * @returns {string[]} names
 */
function dependenciesOf({ dependencies = {}, optionalDependencies = {}, peerDependencies = {} }) {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}
