// @ts-check
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { PackageDocument } from './package-document.mjs';
import { PublicationRefused, readPublication } from './publication.mjs';
import { readPackedPackage } from './tarball.mjs';

/** @import { IncomingMessage, Server, ServerResponse } from 'node:http' */

/**
 * An npm registry on this machine. It has the packages that it was given, takes what `npm publish` sends, and sends whoever asks for anything else on to another registry.
 *
 * A name that is its own is never looked up elsewhere, published or not.
 */
export class LocalRegistry {
  /** @type {Map<string, PackageDocument>} */
  #packages;
  /** @type {string} */
  #upstreamUrl;
  /** @type {Server} */
  #server;

  /**
   * @param {Server} server
   * @param {{ names: readonly string[], upstreamUrl: string }} options
   */
  constructor(server, { names, upstreamUrl }) {
    this.#server = server;
    this.#packages = new Map(names.map((name) => [name, new PackageDocument(name)]));
    this.#upstreamUrl = upstreamUrl.replace(/\/?$/, '/');
    /** What a publisher has to present. */
    this.token = randomBytes(24).toString('hex');
    server.on('request', (request, response) => {
      this.#answer(request, response).catch((/** @type {unknown} */ error) => refuse(response, error));
    });
  }

  /**
   * @param {{ names: readonly string[], tarballs?: readonly string[], upstreamUrl: string }} options `names` are its own; `tarballs` are published in it
   */
  static async open({ names, tarballs = [], upstreamUrl }) {
    const server = createServer();
    const registry = new LocalRegistry(server, { names, upstreamUrl });
    for (const packed of await Promise.all(tarballs.map(readPackedPackage))) {
      // Package managers may be told to pass over what is new.
      registry.#publish({ ...packed, publishedAt: '2020-01-01T00:00:00.000Z' }, 'latest');
    }
    await /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      })
    );
    return registry;
  }

  /** @returns {string} with a slash at its end */
  get url() {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The registry is closed.');
    return `http://127.0.0.1:${address.port}/`;
  }

  /** @returns {Record<string, string>} tells npm, pnpm and yarn to install from here */
  get environment() {
    return {
      npm_config_registry: this.url,
      YARN_NPM_REGISTRY_SERVER: this.url,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      NO_PROXY: [process.env['NO_PROXY'], '127.0.0.1'].filter(Boolean).join(),
    };
  }

  /** @returns {Record<string, string>} lets npm publish here, too */
  get publisherEnvironment() {
    return { ...this.environment, [`npm_config_${this.url.replace('http:', '')}:_authToken`]: this.token };
  }

  /**
   * @param {string} name
   * @param {string} version
   */
  has(name, version) {
    return this.#packages.get(name)?.has(version) ?? false;
  }

  /** Ends it with every connection. */
  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * @param {import('./package-document.mjs').PublishedVersion} published
   * @param {string} tag
   */
  #publish(published, tag) {
    const document = this.#packages.get(published.manifest.name);
    if (document === undefined) throw new PublicationRefused(403, `"${published.manifest.name}" is no package of this registry.`);
    if (document.has(published.manifest.version)) throw new PublicationRefused(409, 'A version cannot be published twice.');
    document.add(published, tag);
  }

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async #answer(request, response) {
    const url = request.url ?? '/';
    const [name = '', file] = decodeURIComponent(url.replace(/^\/|\?.*$/g, '')).split('/-/');
    const document = this.#packages.get(name);
    if (document === undefined) {
      response.writeHead(307, { location: this.#upstreamUrl + url.replace(/^\/+/, '') }).end();
    } else if (request.method === 'PUT') {
      if (request.headers.authorization !== `Bearer ${this.token}`) throw new PublicationRefused(401, 'Who publishes has to show a token.');
      const { published, tag } = readPublication(await json(request), name);
      this.#publish(published, tag);
      sendJson(response, 201, { ok: true });
    } else if (file !== undefined) {
      const bytes = document.tarball(file);
      if (bytes === undefined) sendJson(response, 404, { error: 'not found' });
      else response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length }).end(bytes);
    } else if (document.isEmpty) {
      sendJson(response, 404, { error: 'not found' });
    } else {
      sendJson(response, 200, document.describe(this.url));
    }
  }
}

/**
 * @param {ServerResponse} response
 * @param {unknown} error
 */
function refuse(response, error) {
  if (response.headersSent) response.destroy();
  else if (error instanceof PublicationRefused) sendJson(response, error.status, { error: error.message });
  else sendJson(response, 400, { error: 'The request cannot be read.' });
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 */
function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
