import type { Language } from '@sandport/core';
import type { ImageProfile } from '../docker-provider-config.ts';
import type { EngineAccess } from '../engine/locate-engine.ts';

/** One line of progress. */
export interface ImageBuildEvent {
  readonly tag: string;
  readonly message: string;
}

/** What `buildImages` is asked for. */
export interface BuildImagesOptions extends EngineAccess {
  /** @default every profile */
  readonly profiles?: readonly ImageProfile[] | undefined;
  /** @default every language */
  readonly languages?: readonly Language[] | undefined;
  /** Image to build on. @default `debian:bookworm-slim`, or a base made from the distribution's packages where no registry can be reached */
  readonly base?: string | undefined;
  readonly onProgress?: ((event: ImageBuildEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
