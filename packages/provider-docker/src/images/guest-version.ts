import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { guestFileUrl } from '@sandport/provider-kit';

/** Label of an image that names the version of the programs in it. */
export const GUEST_LABEL = 'io.sandport.guest';

/** Programs of the kit that go into every image. */
const KIT_PROGRAM = /\.(py|cjs)$/;

/** A program that goes into an image. */
export interface GuestFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Everything that lies in `/opt/sandport` of an image: the supervisor, and the runners of the kit. Sorted by name. */
export async function guestFiles(): Promise<readonly GuestFile[]> {
  const folders = [fileURLToPath(new URL('../../guest/', import.meta.url)), fileURLToPath(guestFileUrl('./'))];
  const files = await Promise.all(folders.map(readPrograms));
  return files.flat().sort((left, right) => (left.name < right.name ? -1 : 1));
}

let version: Promise<string> | undefined;

/** A short hash over everything in {@link guestFiles}. */
export function guestVersion(): Promise<string> {
  version ??= guestFiles().then((files) => {
    const hash = createHash('sha256');
    for (const file of files) hash.update(`${file.name}\0${file.content.length}\0`).update(file.content);
    return hash.digest('hex').slice(0, 16);
  });
  return version;
}

async function readPrograms(folder: string): Promise<GuestFile[]> {
  const names = (await readdir(folder)).filter((name) => KIT_PROGRAM.test(name));
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(`${folder}/${name}`) })));
}
