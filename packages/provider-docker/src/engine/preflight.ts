import type { Language, SandboxError } from '@sandport/core';
import { dockerError } from '../docker-errors.ts';
import { imageOf, runtimeOf, type DockerProviderConfig } from '../docker-provider-config.ts';
import { guestVersion, GUEST_LABEL } from '../images/guest-version.ts';
import type { DockerEngine, ImageFacts } from './docker-engine.ts';
import type { EngineFacts } from './engine-facts.ts';

/** Finds out once for each language whether the engine has what a container needs, so that what is missing is named before a container is made. */
export class Preflight {
  readonly #engine: DockerEngine;
  readonly #config: DockerProviderConfig;
  readonly #passed = new Map<Language, EngineFacts>();

  constructor(engine: DockerEngine, config: DockerProviderConfig) {
    this.#engine = engine;
    this.#config = config;
  }

  /**
   * Gives what the engine says of itself.
   *
   * @throws SandboxError `PROVIDER_UNAVAILABLE` when the engine does not answer, `RUNTIME_MISSING` when it lacks the runtime or the image.
   */
  async check(language: Language, signal?: AbortSignal): Promise<EngineFacts> {
    const known = this.#passed.get(language);
    if (known !== undefined) return known;
    const tag = imageOf(this.#config, language);
    const [facts, image] = await Promise.all([this.#engine.facts(signal), this.#engine.image(tag, signal)]);
    const finding = findMissingRuntime(this.#config, facts) ?? (await findMissingImage(tag, language, image));
    if (finding !== undefined) throw finding;
    this.#passed.set(language, facts);
    return facts;
  }

  /** Looks again with the next call: after a restart the engine may be another one. */
  forget(): void {
    this.#passed.clear();
  }
}

/** The error for a runtime that the engine does not know, if it does not. */
export function findMissingRuntime(config: DockerProviderConfig, facts: EngineFacts): SandboxError | undefined {
  const runtime = runtimeOf(config);
  if (facts.runtimes.includes(runtime)) return undefined;
  return dockerError('RUNTIME_MISSING', 'check runtime', `The Docker engine has no runtime "${runtime}".`, {
    suggestion:
      config.isolation === 'gvisor'
        ? 'Install gVisor (runsc) and register it with the engine ("runsc install", then restart the engine).'
        : 'Register the runtime with the engine, or change the field "runtime".',
    details: { field: 'runtime', runtime, registered: [...facts.runtimes] },
  });
}

/** The error for an image that is missing or was built for another version, if so. */
export async function findMissingImage(tag: string, language: Language, image: ImageFacts | undefined): Promise<SandboxError | undefined> {
  const field = language === 'python' ? 'pythonImage' : 'javascriptImage';
  if (image === undefined) {
    return dockerError('RUNTIME_MISSING', 'check image', `The Docker engine has no image "${tag}".`, {
      suggestion: 'Run "sandport images build".',
      details: { field, image: tag },
    });
  }
  if (image.labels[GUEST_LABEL] === (await guestVersion())) return undefined;
  return dockerError('RUNTIME_MISSING', 'check image', `The image "${tag}" was built for another version of Sandport.`, {
    suggestion: 'Run "sandport images build".',
    details: { field, image: tag },
  });
}
