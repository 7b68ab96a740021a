import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import { LANGUAGES, type Language } from '@sandport/core';
import { dockerError } from '../docker-errors.ts';
import { IMAGE_PROFILES, imageTag, type ImageProfile } from '../docker-provider-config.ts';
import { ensureBaseImage, type BaseImage } from './base-image.ts';
import { writeBuildContext } from './build-context.ts';
import { GUEST_LABEL, guestVersion } from './guest-version.ts';
import { ImageEngine } from './image-engine.ts';

/** One line of progress. */
export interface ImageBuildEvent {
  readonly tag: string;
  readonly message: string;
}

/** What {@link buildImages} is asked for. */
export interface BuildImagesOptions {
  /** @default every profile */
  readonly profiles?: readonly ImageProfile[] | undefined;
  /** @default every language */
  readonly languages?: readonly Language[] | undefined;
  /** Image to build on. @default `debian:bookworm-slim`, or a base made from the distribution's packages where no registry can be reached */
  readonly base?: string | undefined;
  /** Address of the engine. @default `DOCKER_HOST`, then the local socket */
  readonly dockerHost?: string | undefined;
  readonly onProgress?: ((event: ImageBuildEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

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
  const engine = new ImageEngine(options.dockerHost);
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

/** A file that belongs to a language's image. */
export function imageFile(language: Language, name: string): string {
  return fileURLToPath(new URL(`../../images/${language}/${name}`, import.meta.url));
}

/** The error for a tool that failed. */
export function buildError(operation: string, message: string, cause?: unknown): Error {
  return dockerError('PROVIDER_UNAVAILABLE', operation, message, {
    suggestion: 'Look at the lines above; the machine needs access to its package registries to build images.',
    ...(cause === undefined ? {} : { cause }),
  });
}
