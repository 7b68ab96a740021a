// @ts-check
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { digestsOf } from './tarball.mjs';

/** The registry does not take a package. */
export class PublicationRefused extends Error {
  /**
   * @param {number} status of HTTP
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.name = 'PublicationRefused';
    this.status = status;
  }
}

const publicationSchema = z.object({
  name: z.string(),
  'dist-tags': z.record(z.string(), z.string()),
  versions: z.record(
    z.string(),
    z.looseObject({
      name: z.string(),
      version: z.string(),
      dist: z.looseObject({ integrity: z.string(), shasum: z.string() }),
    }),
  ),
  _attachments: z.record(z.string(), z.object({ data: z.base64(), length: z.int() })),
});

/**
 * Reads what `npm publish` sends: one version, with its tarball in it.
 *
 * @param {unknown} body
 * @param {string} name of the package that the address names
 * @returns {{ published: import('./package-document.mjs').PublishedVersion, tag: string }}
 * @throws {PublicationRefused} when it is another package, or not the tarball whose digests are named
 */
export function readPublication(body, name) {
  const parsed = publicationSchema.safeParse(body);
  if (!parsed.success) throw new PublicationRefused(400, z.prettifyError(parsed.error));
  const { versions, 'dist-tags': tags, _attachments: attachments } = parsed.data;
  const [version, ...others] = Object.values(versions);
  const [tag] = Object.keys(tags);
  // Besides the tarball there is the statement of provenance.
  const tarball = Object.entries(attachments).find(([file]) => file.endsWith('.tgz'))?.[1];
  if (version === undefined || others.length > 0 || tag === undefined || tarball === undefined) {
    throw new PublicationRefused(400, 'One version is published at a time, with a tag and a tarball.');
  }
  if (parsed.data.name !== name || version.name !== name) throw new PublicationRefused(400, 'The address names another package.');
  const bytes = Buffer.from(tarball.data, 'base64');
  const digests = digestsOf(bytes);
  if (bytes.length !== tarball.length || digests.integrity !== version.dist.integrity || digests.shasum !== version.dist.shasum) {
    throw new PublicationRefused(400, 'The tarball is not the one whose digests are named.');
  }
  return { published: { manifest: version, bytes, ...digests, publishedAt: new Date().toISOString() }, tag };
}
