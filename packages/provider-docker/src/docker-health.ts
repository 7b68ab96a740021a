import { performance } from 'node:perf_hooks';
import {
  healthStatusOf,
  LANGUAGES,
  type ExecutionResult,
  type HealthCheck,
  type HealthReport,
  type Language,
  type MeasuredIsolation,
} from '@sandport/core';
import { checkOf, probeCheck } from '@sandport/provider-kit';
import { PROVIDER_ID, toDockerError } from './docker-errors.ts';
import { imageOf, runtimeOf, type DockerProviderConfig } from './docker-provider-config.ts';
import type { DockerEngine } from './engine/docker-engine.ts';
import { engineName, engineWeaknesses, type EngineFacts } from './engine/engine-facts.ts';
import { describeLocation } from './engine/engine-location.ts';
import { findMissingImage, findMissingRuntime } from './engine/preflight.ts';
import { findLeftBehind, takeStock } from './lease/find-left-behind.ts';

/** What a look at the provider's health needs. */
export interface DockerHealthOptions {
  readonly engine: DockerEngine;
  readonly config: DockerProviderConfig;
  /** Runs a trivial program through the whole path. */
  readonly probe: (language: Language) => Promise<ExecutionResult>;
  /** Containers that could not be removed, newest last. */
  readonly removalFailures: readonly string[];
  /** What the pool says of itself. */
  readonly poolChecks?: (() => readonly HealthCheck[]) | undefined;
}

/** Looks at the engine, the runtime and the images, and runs a trivial program in each language whose image is there. */
export async function checkDockerHealth(options: DockerHealthOptions): Promise<HealthReport> {
  const began = performance.now();
  const checks: HealthCheck[] = [];
  const isolation = await look(options, checks);
  return {
    providerId: PROVIDER_ID,
    status: healthStatusOf(checks),
    isolation,
    checks,
    checkedAt: new Date().toISOString(),
    durationMs: performance.now() - began,
  };
}

async function look(options: DockerHealthOptions, checks: HealthCheck[]): Promise<MeasuredIsolation | null> {
  const facts = await lookAtEngine(options.engine, checks);
  if (facts === undefined) return null;
  const runtimeFinding = findMissingRuntime(options.config, facts);
  checks.push(checkOf('runtime', runtimeFinding, `The runtime "${runtimeOf(options.config)}" is registered.`));
  let isolation: MeasuredIsolation | null = null;
  for (const language of LANGUAGES) {
    const hasImage = await lookAtImage(options, language, checks);
    if (hasImage && runtimeFinding === undefined) isolation = (await lookInside(options, language, checks)) ?? isolation;
  }
  if (options.config.isolation === 'runc') checks.push(WEAK_ISOLATION);
  checks.push(...(await lookForLeftBehind(options.engine)), ...(options.poolChecks?.() ?? []));
  checks.push(...options.removalFailures.map(toRemovalCheck));
  return isolation;
}

/** Names that one finding lists at most. */
const MAX_NAMES = 5;

const WEAK_ISOLATION: HealthCheck = {
  name: 'isolation',
  status: 'warning',
  message: 'runc shares the host kernel with the program: one flaw of the kernel is enough to get out.',
  remedy: 'Install gVisor and set the field "isolation" to "gvisor" where strangers\' code is run.',
};

async function lookAtEngine(engine: DockerEngine, checks: HealthCheck[]): Promise<EngineFacts | undefined> {
  try {
    const facts = await engine.facts();
    checks.push({
      name: 'engine',
      status: 'ok',
      message: `${engineName(facts)} answers at ${describeLocation(engine.location)} (cgroup v${facts.cgroupVersion}).`,
    });
    checks.push(...engineWeaknesses(facts));
    return facts;
  } catch (error) {
    checks.push(checkOf('engine', toDockerError(error, 'answer'), ''));
    return undefined;
  }
}

async function lookForLeftBehind(engine: DockerEngine): Promise<HealthCheck[]> {
  try {
    const found = findLeftBehind(await takeStock(engine));
    if (found.length === 0) return [];
    const names = found.slice(0, MAX_NAMES).map(({ name }) => name);
    return [
      {
        name: 'left-behind',
        status: 'warning',
        message: `Processes that have ended left ${found.length} container(s) or lease(s) behind: ${names.join(', ')}${found.length > MAX_NAMES ? ', …' : ''}.`,
        remedy: 'Run "sandport doctor --clean"; a process that serves calls removes them by itself within two minutes.',
      },
    ];
  } catch (error) {
    // Code runs without this look.
    return [{ ...checkOf('left-behind', toDockerError(error, 'list containers'), ''), status: 'warning' }];
  }
}

async function lookAtImage({ engine, config }: DockerHealthOptions, language: Language, checks: HealthCheck[]): Promise<boolean> {
  const tag = imageOf(config, language);
  try {
    const finding = await findMissingImage(tag, language, await engine.image(tag));
    checks.push(checkOf(`image.${language}`, finding, `The image "${tag}" is present and of this version.`));
    return finding === undefined;
  } catch (error) {
    checks.push(checkOf(`image.${language}`, toDockerError(error, 'inspect image'), ''));
    return false;
  }
}

async function lookInside({ probe }: DockerHealthOptions, language: Language, checks: HealthCheck[]): Promise<MeasuredIsolation | null> {
  const { check, isolation } = await probeCheck({
    language,
    probe,
    toError: (error) => toDockerError(error, 'run a program'),
    remedy: 'Raise the limits of the configuration, and look at the engine.',
  });
  checks.push(check);
  return isolation;
}

function toRemovalCheck(failure: string): HealthCheck {
  return {
    name: 'removal',
    status: 'warning',
    message: `A container could not be removed (${failure}).`,
    remedy: 'Remove it by hand with "docker rm --force".',
  };
}
