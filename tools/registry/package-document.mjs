// @ts-check

/**
 * What is read here of the package.json in a tarball.
 *
 * @typedef {object} PackedManifest
 * @property {string} name
 * @property {string} version
 * @property {string} [license]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 *
 * A version as the registry keeps it.
 *
 * @typedef {object} PublishedVersion
 * @property {PackedManifest} manifest
 * @property {Buffer} bytes of the tarball
 * @property {string} integrity
 * @property {string} shasum
 * @property {string} publishedAt
 */

/** A package with all its versions, as a registry answers for it. */
export class PackageDocument {
  /** @type {Map<string, PublishedVersion>} */
  #versions = new Map();
  /** @type {Map<string, string>} */
  #tags = new Map();

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** No version of it is there. */
  get isEmpty() {
    return this.#versions.size === 0;
  }

  /** @param {string} version */
  has(version) {
    return this.#versions.has(version);
  }

  /**
   * @param {PublishedVersion} published
   * @param {string} tag under which it is found
   */
  add(published, tag) {
    this.#versions.set(published.manifest.version, published);
    this.#tags.set(tag, published.manifest.version);
  }

  /**
   * @param {string} file as {@link tarballName} names it
   * @returns {Buffer | undefined}
   */
  tarball(file) {
    return [...this.#versions.values()].find(({ manifest }) => tarballName(manifest) === file)?.bytes;
  }

  /**
   * @param {string} registryUrl
   * @returns {object} what `npm install` reads
   */
  describe(registryUrl) {
    const versions = [...this.#versions].map(([version, { manifest, integrity, shasum }]) => {
      const tarball = `${registryUrl}${this.name}/-/${tarballName(manifest)}`;
      return [version, { ...manifest, _id: `${this.name}@${version}`, dist: { integrity, shasum, tarball } }];
    });
    const times = [...this.#versions].map(([version, { publishedAt }]) => [version, publishedAt]);
    return {
      _id: this.name,
      name: this.name,
      'dist-tags': Object.fromEntries(this.#tags),
      versions: Object.fromEntries(versions),
      time: { ...Object.fromEntries(times), modified: times.at(-1)?.[1] },
    };
  }
}

/** @param {PackedManifest} manifest */
function tarballName({ name, version }) {
  return `${name.split('/').at(-1)}-${version}.tgz`;
}
