import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { SandboxError } from '@sandport/core';
import { dockerError } from '../docker-errors.ts';
import type { BuildImagesOptions } from './build-images-options.ts';
import type { ImageEngine } from './image-engine.ts';
import { runTool } from './run-tool.ts';

/** What images are built on where a registry can be reached. */
const REGISTRY_BASE = 'debian:bookworm-slim';

/** What images are built on elsewhere: the same distribution, put together from its packages. */
const LOCAL_BASE = 'sandport/base:bookworm';

const BOOTSTRAP_TIMEOUT_MS = 600_000;

/** An image to build on. */
export interface BaseImage {
  readonly tag: string;
  readonly id: string;
}

/** Finds, pulls or makes the image to build on. */
export async function ensureBaseImage(engine: ImageEngine, options: BuildImagesOptions): Promise<BaseImage> {
  const wanted = options.base === undefined ? [REGISTRY_BASE, LOCAL_BASE] : [options.base];
  for (const tag of wanted) {
    const image = await engine.image(tag, options.signal);
    if (image !== undefined) return { tag, id: image.id };
  }
  const [tag] = wanted;
  if (tag === undefined) throw new SandboxError('INTERNAL', 'No base image was named.');
  const report = (message: string): void => options.onProgress?.({ tag, message });
  try {
    report('pulling');
    await engine.pull(tag, report, options.signal);
    return await present(engine, tag, options.signal);
  } catch (error) {
    if (options.base !== undefined || options.signal?.aborted === true) throw error;
    report("cannot be pulled; making a base from the distribution's packages instead");
    return bootstrap(engine, options, error);
  }
}

async function bootstrap(engine: ImageEngine, options: BuildImagesOptions, pullError: unknown): Promise<BaseImage> {
  if (!(await isOnPath('mmdebstrap')) || process.getuid?.() !== 0) {
    throw dockerError(
      'RUNTIME_MISSING',
      'make base image',
      `The image "${REGISTRY_BASE}" cannot be pulled, and no base can be made here.`,
      {
        suggestion:
          'Give the engine access to a container registry, name a local image with --base, or install mmdebstrap and run as root on Debian or Ubuntu.',
        cause: pullError,
      },
    );
  }
  const report = (message: string): void => options.onProgress?.({ tag: LOCAL_BASE, message });
  const archive = new PassThrough();
  const imported = engine.importImage(LOCAL_BASE, archive, options.signal);
  try {
    await Promise.all([
      imported,
      runTool({
        command: 'mmdebstrap',
        args: ['--variant=minbase', '--include=ca-certificates', 'bookworm', '-'],
        cwd: tmpdir(),
        timeoutMs: BOOTSTRAP_TIMEOUT_MS,
        onLine: report,
        stdoutTo: archive,
        signal: options.signal,
      }),
    ]);
  } finally {
    archive.destroy();
  }
  return present(engine, LOCAL_BASE, options.signal);
}

async function present(engine: ImageEngine, tag: string, signal: AbortSignal | undefined): Promise<BaseImage> {
  const image = await engine.image(tag, signal);
  if (image !== undefined) return { tag, id: image.id };
  throw dockerError('PROVIDER_UNAVAILABLE', 'make base image', `The engine says that it has the image "${tag}", but does not show it.`, {
    suggestion: "Look at the engine's log.",
  });
}

async function isOnPath(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.allSettled(folders.map((folder) => access(join(folder, program), constants.X_OK)));
  return found.some((outcome) => outcome.status === 'fulfilled');
}
