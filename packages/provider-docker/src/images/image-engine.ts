import { readdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { withDeadline } from '@sandport/provider-kit';
import type Docker from 'dockerode';
import { z } from 'zod';
import { PROVIDER_ID, toDockerError } from '../docker-errors.ts';
import { dockerClient } from '../engine/engine-client.ts';
import { DockerEngine, type ImageFacts } from '../engine/docker-engine.ts';
import type { EngineAccess } from '../engine/locate-engine.ts';

const BUILD_TIMEOUT_MS = 1_800_000;

/** One build of one image. */
export interface ImageBuild {
  /** Folder with the Dockerfile and everything it copies. */
  readonly folder: string;
  readonly tag: string;
  readonly target: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

const progressSchema = z.object({ stream: z.string().optional(), status: z.string().optional(), error: z.string().optional() });

/** What building images needs of the Docker Engine API. */
export class ImageEngine {
  readonly #docker: Docker;
  readonly #engine: DockerEngine;

  constructor(access: EngineAccess) {
    this.#engine = new DockerEngine(access);
    this.#docker = dockerClient(this.#engine.location);
  }

  /** The image, or nothing when the engine does not have it. */
  image(tag: string, signal?: AbortSignal): Promise<ImageFacts | undefined> {
    return this.#engine.image(tag, signal);
  }

  /** Processor architecture of the engine's machine. */
  async architecture(signal?: AbortSignal): Promise<string> {
    return (await this.#engine.facts(signal)).architecture;
  }

  async build(build: ImageBuild, report: (message: string) => void, signal?: AbortSignal): Promise<void> {
    await this.#follow(`build image ${build.tag}`, report, signal, async (abortSignal) =>
      this.#docker.buildImage(
        { context: build.folder, src: await readdir(build.folder) },
        {
          t: build.tag,
          target: build.target,
          buildargs: { ...build.buildArguments },
          labels: { ...build.labels },
          // The engine may have no network of its own for builds.
          networkmode: 'host',
          forcerm: true,
          abortSignal,
        },
      ),
    );
  }

  async pull(tag: string, report: (message: string) => void, signal?: AbortSignal): Promise<void> {
    await this.#follow(`pull image ${tag}`, report, signal, (abortSignal) => this.#docker.pull(tag, { abortSignal }));
  }

  /** Makes an image of one layer from a tar archive. */
  async importImage(tag: string, archive: Readable, signal?: AbortSignal): Promise<void> {
    const [repo, version] = tag.split(':');
    await this.#follow(
      `import image ${tag}`,
      () => undefined,
      signal,
      () => this.#docker.importImage(archive, { repo, tag: version }),
    );
  }

  async #follow(
    operation: string,
    report: (message: string) => void,
    signal: AbortSignal | undefined,
    start: (abortSignal: AbortSignal) => Promise<NodeJS.ReadableStream>,
  ): Promise<void> {
    try {
      await withDeadline({ timeoutMs: BUILD_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation }, async (abortSignal) => {
        const stream = await start(abortSignal);
        await new Promise<void>((resolve, reject) => {
          const onFinished = (error: Error | null): void => (error === null ? resolve() : reject(error));
          this.#docker.modem.followProgress(stream, onFinished, (event: unknown) => reportEvent(event, report));
        });
      });
    } catch (error) {
      throw toDockerError(error, operation);
    }
  }
}

function reportEvent(event: unknown, report: (message: string) => void): void {
  const parsed = progressSchema.safeParse(event);
  if (!parsed.success) return;
  const text = parsed.data.stream ?? parsed.data.status ?? parsed.data.error ?? '';
  for (const line of text.split('\n')) if (line.trim() !== '') report(line.trimEnd());
}
