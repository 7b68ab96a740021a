import { configFields, EXECUTION_LIMIT_RANGES } from '@sandport/core';
import { executionMaximumFields, queueFields, wholeNumber } from '../config/common-fields.ts';
import type { z } from 'zod';

/** What differs from service to service of how long its sandboxes live, in milliseconds, and how many there may be. */
export interface RemoteSandboxTerms {
  /** The longest that the service lets a sandbox live. */
  readonly longestLifeMs: number;
  readonly lifetimeMs: number;
  readonly maxLifetimeMs: number;
  /** What is behind the help of the longest life, as a sentence. */
  readonly lifeNote: string;
  /** What is behind the help of the number of sandboxes, as a sentence. */
  readonly countNote: string;
}

const { maxOutputBytes, maxArtifactCount, maxArtifactTotalBytes } = executionMaximumFields;

/** What every provider for the sandboxes of a service is told of runs, lives and numbers, as fields of its configuration. */
export function remoteSandboxFields({ longestLifeMs, lifetimeMs, maxLifetimeMs, lifeNote, countNote }: RemoteSandboxTerms) {
  const lifeField = (defaultMs: number): z.ZodDefault<z.ZodNumber> => wholeNumber(100, longestLifeMs, defaultMs);
  return {
    timeoutMs: wholeNumber(1000, EXECUTION_LIMIT_RANGES.timeoutMs.max, 30_000).register(configFields, {
      label: 'Longest run',
      help: 'The most time that a request may ask for, in milliseconds. Requests that do not say get at most this.',
    }),
    maxOutputBytes,
    maxArtifactCount,
    maxArtifactTotalBytes,
    idleTimeoutMs: lifeField(600_000).register(configFields, {
      label: 'Idle time',
      help: 'A sandbox that is kept open ends after this time without a call, in milliseconds, when its maker does not say.',
    }),
    lifetimeMs: lifeField(lifetimeMs).register(configFields, {
      label: 'Life',
      help: 'A sandbox that is kept open ends after this time, in milliseconds, when its maker does not say.',
    }),
    maxLifetimeMs: lifeField(maxLifetimeMs).register(configFields, {
      label: 'Longest life',
      help: `The longest life, and the longest idle time, that may be asked for, in milliseconds. ${lifeNote}`,
    }),
    warmSandboxes: wholeNumber(0, 64, 0).register(configFields, {
      label: 'Warm sandboxes',
      help: 'Unused sandboxes kept ready at least, for each language once it was asked for. They cost as used ones do.',
    }),
    maxIdleSandboxes: wholeNumber(0, 64, 0).register(configFields, {
      label: 'Most warm sandboxes',
      help: 'Unused sandboxes kept ready at most, for a language that is asked for often. How many it takes is learned from the calls.',
    }),
    maxSandboxes: wholeNumber(1, 1000, 20).register(configFields, {
      label: 'Most sandboxes',
      help: `Sandboxes of this provider at one time: ready, running, starting and going. ${countNote}`,
    }),
    ...queueFields,
  };
}
