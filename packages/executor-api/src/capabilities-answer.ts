import { LANGUAGES, NETWORK_POLICIES, type ProviderCapabilities } from '@sandport/core';
import { z } from 'zod';

const maximum = z.number().positive().exactOptional();

const capabilitiesSchema = z.strictObject({
  languages: z.array(z.enum(LANGUAGES)),
  javascriptRuntime: z.enum(['node', 'ecmascript']),
  executionsPerSandbox: z.enum(['one', 'many']),
  streamsOutput: z.boolean(),
  stdin: z.boolean(),
  contexts: z.boolean(),
  richResults: z.boolean(),
  lifetimes: z.boolean(),
  reconnect: z.boolean(),
  files: z.boolean(),
  artifacts: z.boolean(),
  environment: z.boolean(),
  cancellation: z.boolean(),
  network: z.array(z.enum(NETWORK_POLICIES)),
  limits: z.strictObject({
    memory: z.boolean(),
    processes: z.boolean(),
    disk: z.boolean(),
    cpus: z.boolean(),
    openFiles: z.boolean(),
  }),
  subprocesses: z.boolean(),
  maxima: z.strictObject({
    timeoutMs: z.number().positive(),
    memoryBytes: maximum,
    processes: maximum,
    diskBytes: maximum,
    cpus: maximum,
    openFiles: maximum,
    outputBytes: maximum,
    artifactCount: maximum,
    artifactTotalBytes: maximum,
    lifetimeMs: maximum,
  }),
});

/** What an executor is and can do. */
export const capabilitiesAnswerSchema = z.strictObject({
  service: z.literal('sandport-executor'),
  specificationVersion: z.literal('v1'),
  /** Name of the executor that answered. */
  executor: z.string(),
  /** The provider behind it. */
  providerId: z.string(),
  capabilities: capabilitiesSchema,
});

/** What an executor is and can do. */
export interface CapabilitiesAnswer {
  readonly service: 'sandport-executor';
  readonly specificationVersion: 'v1';
  readonly executor: string;
  readonly providerId: string;
  readonly capabilities: ProviderCapabilities;
}
