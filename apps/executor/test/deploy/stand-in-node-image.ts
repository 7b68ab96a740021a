import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run-program.ts';

/** What an official image of Node has. */
const NODE = `node-linux-${process.arch}`;
const NODE_VERSION = '24.21.0';
const NPM = 'npm@11.6.2';

const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Makes an image that has what the official one of Node has, on a base that the images of sandboxes are built on, too, with Node and npm from the npm registry: where no registry of images can be
 * reached, the Dockerfile is tried all the same.
 *
 * @returns Its tag.
 */
export async function buildStandInNodeImage(base: string): Promise<string> {
  const tag = 'sandport/node:stand-in';
  const folder = await mkdtemp(join(tmpdir(), 'sandport-node-image-'));
  try {
    await run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--force', `${NODE}@${NODE_VERSION}`, NPM]);
    // This machine may stand behind an authority of its own.
    await copyFile(AUTHORITIES, join(folder, 'authorities.crt'));
    await writeFile(
      join(folder, 'Dockerfile'),
      `FROM ${base}
COPY node_modules/${NODE}/bin/node /usr/local/bin/node
COPY node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -sf ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
COPY authorities.crt ${AUTHORITIES}
ENV NODE_EXTRA_CA_CERTS=${AUTHORITIES}
`,
    );
    await run('docker', ['build', '--network', 'host', '--tag', tag, folder]);
    return tag;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
