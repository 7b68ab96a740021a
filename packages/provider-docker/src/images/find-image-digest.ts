import type { Language } from '@sandport/core';
import { imageOf, type DockerProviderConfig } from '../docker-provider-config.ts';
import { DockerEngine } from '../engine/docker-engine.ts';

/** What `findImageDigest` is asked for. */
export interface FindImageDigestOptions {
  /** A checked configuration of the provider. */
  readonly config: DockerProviderConfig;
  readonly language: Language;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The digest of the image that sandboxes of this language are made of now, as the engine names it: `sha256:…`. `undefined` when the engine does not have the image.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`.
 */
export async function findImageDigest({ config, language, signal }: FindImageDigestOptions): Promise<string | undefined> {
  return (await new DockerEngine(config).image(imageOf(config, language), signal))?.id;
}
