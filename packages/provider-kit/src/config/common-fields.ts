import { configFields, EXECUTION_LIMIT_RANGES, REQUEST_LIMITS } from '@sandport/core';
import { z } from 'zod';

/** Bytes in a mebibyte. */
export const MEBIBYTE = 1024 * 1024;

/** A whole number with its bounds and its default. */
export function wholeNumber(min: number, max: number, byDefault: number): z.ZodDefault<z.ZodInt> {
  return z.int().min(min).max(max).default(byDefault);
}

const { outputBytes, artifactCount, artifactTotalBytes } = EXECUTION_LIMIT_RANGES;

/** The most that a request may ask for, as fields of a provider's configuration. */
export const executionMaximumFields = {
  maxOutputBytes: wholeNumber(outputBytes.default, outputBytes.max, 16 * MEBIBYTE).register(configFields, {
    label: 'Highest output',
    help: 'The most bytes of one stream of output that a request may ask for.',
  }),
  maxArtifactCount: wholeNumber(artifactCount.default, artifactCount.max, artifactCount.max).register(configFields, {
    label: 'Highest number of artifacts',
    help: 'The most artifacts that a request may ask for.',
  }),
  maxArtifactTotalBytes: wholeNumber(artifactTotalBytes.default, artifactTotalBytes.max, artifactTotalBytes.max).register(configFields, {
    label: 'Highest size of artifacts',
    help: 'The most bytes of artifacts together that a request may ask for.',
  }),
  maxTimeoutMs: wholeNumber(100, 3_600_000, 600_000).register(configFields, {
    label: 'Longest run',
    help: 'The most time that a request may ask for, in milliseconds.',
  }),
};

/** How long sandboxes live that are kept open, as fields of a provider's configuration. */
export const lifetimeFields = {
  idleTimeoutMs: wholeNumber(100, REQUEST_LIMITS.lifetimeMs, 600_000).register(configFields, {
    label: 'Idle time',
    help: 'A sandbox that is kept open ends after this time without a call, in milliseconds, when its maker does not say.',
  }),
  lifetimeMs: wholeNumber(100, REQUEST_LIMITS.lifetimeMs, 3_600_000).register(configFields, {
    label: 'Life',
    help: 'A sandbox that is kept open ends after this time, in milliseconds, when its maker does not say.',
  }),
  maxLifetimeMs: wholeNumber(100, REQUEST_LIMITS.lifetimeMs, 86_400_000).register(configFields, {
    label: 'Longest life',
    help: 'The longest life, and the longest idle time, that may be asked for, in milliseconds.',
  }),
};

/** How calls wait for their turn, as fields of a provider's configuration. */
export const queueFields = {
  maxQueueLength: wholeNumber(1, 10_000, 128).register(configFields, {
    label: 'Longest queue',
    help: 'Calls that may wait for a sandbox at one time. One tenant gets at most three quarters of it.',
  }),
  queueTimeoutMs: wholeNumber(0, 600_000, 30_000).register(configFields, {
    label: 'Longest wait',
    help: 'How long a call may wait for a sandbox, in milliseconds, when it does not say. One that would wait longer is refused at once.',
  }),
};
