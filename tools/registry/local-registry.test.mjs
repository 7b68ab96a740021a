// @ts-check
import { Buffer } from 'node:buffer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalRegistry } from './local-registry.mjs';
import { digestsOf } from './tarball.mjs';

const name = '@sandport/thing';

/** @type {LocalRegistry} */
let registry;

beforeEach(async () => {
  registry = await LocalRegistry.open({ names: [name], upstreamUrl: 'http://registry.invalid/npm' });
});

afterEach(() => registry.close());

/** @param {string} path */
const get = (path) => fetch(registry.url + path, { redirect: 'manual' });

/**
 * What npm sends to publish a version.
 *
 * @param {{ version?: string, bytes?: Buffer, sent?: Buffer, as?: string, token?: string }} options
 */
function publish({ version = '1.0.0', bytes = Buffer.from('a tarball'), sent = bytes, as = name, token = registry.token }) {
  const body = {
    _id: as,
    name: as,
    'dist-tags': { latest: version },
    versions: { [version]: { name: as, version, dist: digestsOf(bytes) } },
    _attachments: {
      [`${as}-${version}.tgz`]: { content_type: 'application/octet-stream', data: sent.toString('base64'), length: sent.length },
    },
  };
  const url = registry.url + name.replace('/', '%2f');
  return fetch(url, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
}

describe('LocalRegistry', () => {
  test('has what was published, with its digests, under the newest tag', async () => {
    expect((await publish({ version: '1.0.0', bytes: Buffer.from('first') })).status).toBe(201);
    expect((await publish({ version: '1.1.0', bytes: Buffer.from('second') })).status).toBe(201);
    const document = await (await get('@sandport%2fthing')).json();
    expect(document).toMatchObject({ name, 'dist-tags': { latest: '1.1.0' } });
    expect(Object.keys(document.versions)).toEqual(['1.0.0', '1.1.0']);
    const { tarball, integrity } = document.versions['1.0.0'].dist;
    const bytes = Buffer.from(await (await fetch(tarball)).arrayBuffer());
    expect(bytes.toString()).toBe('first');
    expect(integrity).toBe(digestsOf(bytes).integrity);
    expect(registry.has(name, '1.1.0')).toBe(true);
  });

  test.each([
    ['a version for the second time', {}, 409],
    ['a tarball whose digests are those of another', { version: '1.0.1', sent: Buffer.from('another') }, 400],
    ['another package than the address names', { version: '1.0.1', as: '@sandport/other' }, 400],
    ['anything from somebody without the token', { version: '1.0.1', token: 'guessed' }, 401],
  ])('does not take %s', async (_what, options, status) => {
    await publish({});
    expect((await publish(options)).status).toBe(status);
    expect(Object.keys((await (await get('@sandport%2fthing')).json()).versions)).toEqual(['1.0.0']);
  });

  test('sends on who asks for anything else, and nobody who asks for what is its own', async () => {
    const other = await get('zod/-/zod-4.0.0.tgz?x=1');
    expect([other.status, other.headers.get('location')]).toEqual([307, 'http://registry.invalid/npm/zod/-/zod-4.0.0.tgz?x=1']);
    expect((await get('@sandport%2fthing')).status).toBe(404);
    expect((await get('@sandport/thing/-/thing-1.0.0.tgz')).status).toBe(404);
  });
});
