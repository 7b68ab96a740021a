import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { LANGUAGES, type Language } from '@sandport/core';
import { IMAGE_PROFILES, imageTag, type ImageProfile } from '../docker-provider-config.ts';
import type { BuildImagesOptions } from './build-images-options.ts';
import { ensureBaseImage, type BaseImage } from './base-image.ts';
import { writeBuildContext } from './build-context.ts';
import { GUEST_LABEL, guestVersion } from './guest-version.ts';
import { ImageEngine } from './image-engine.ts';
import { imageFile } from './image-file.ts';

/** An image that is there now. */
export interface BuiltImage {
  readonly tag: string;
  readonly language: Language;
  readonly profile: ImageProfile;
  /** Whether it had to be built; an image of the same content is kept. */
  readonly wasBuilt: boolean;
  readonly durationMs: number;
}

/** Label that names everything that an image was built from. */
const BUILD_LABEL = 'io.sandport.build';

/**
 * Builds the images of this provider, each only when what it is made of has changed.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` when the engine or a download fails, `RUNTIME_MISSING` when no base image can be had,
 *   `CANCELLED`.
 */
export async function buildImages(options: BuildImagesOptions = {}): Promise<readonly BuiltImage[]> {
  const engine = new ImageEngine(options);
  const base = await ensureBaseImage(engine, options);
  const images: BuiltImage[] = [];
  for (const language of options.languages ?? LANGUAGES) {
    images.push(...(await buildLanguage(engine, base, language, options)));
  }
  return images;
}

/** The images of one language, one after the other, since they share their first layers and what they are built from. */
async function buildLanguage(engine: ImageEngine, base: BaseImage, language: Language, options: BuildImagesOptions): Promise<BuiltImage[]> {
  const recipe = await recipeHash(base.id, language);
  const folder = await mkdtemp(join(tmpdir(), 'sandport-image-'));
  let context: Promise<void> | undefined;
  const images: BuiltImage[] = [];
  try {
    for (const profile of options.profiles ?? IMAGE_PROFILES) {
      const began = performance.now();
      const tag = imageTag(language, profile);
      const report = (message: string): void => options.onProgress?.({ tag, message });
      const isPresent = (await engine.image(tag, options.signal))?.labels[BUILD_LABEL] === recipe;
      if (isPresent) {
        report('is up to date');
      } else {
        context ??= prepareContext(engine, folder, language, report, options.signal);
        await context;
        const labels = { [BUILD_LABEL]: recipe, [GUEST_LABEL]: await guestVersion() };
        await engine.build({ folder, tag, target: profile, buildArguments: { BASE: base.tag }, labels }, report, options.signal);
        report(`is ready after ${Math.round((performance.now() - began) / 1000)} s`);
      }
      images.push({ tag, language, profile, wasBuilt: !isPresent, durationMs: performance.now() - began });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return images;
}

async function prepareContext(
  engine: ImageEngine,
  folder: string,
  language: Language,
  report: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await writeBuildContext({ folder, language, architecture: await engine.architecture(signal), report, signal });
}

/** A hash over everything that decides an image's content. */
async function recipeHash(baseId: string, language: Language): Promise<string> {
  const hash = createHash('sha256')
    .update(baseId)
    .update(await guestVersion());
  const names = language === 'python' ? ['Dockerfile'] : ['Dockerfile', 'package.json', 'package-lock.json'];
  for (const name of names) hash.update(await readFile(imageFile(language, name)));
  return hash.digest('hex').slice(0, 32);
}
