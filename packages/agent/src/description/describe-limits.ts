import type { CheckedToolOptions } from '../tool/code-tool-options.ts';

const KIBIBYTE = 1024;
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** The limits of a call, with their units. What the provider's configuration decides is not told, since nobody here knows it. */
export function describeLimits({ runner, executionLimits, sandboxLimits, maxCodeCharacters }: CheckedToolOptions): string {
  const { artifacts } = runner.capabilities;
  const { timeoutMs, outputBytes, valueBytes, artifactCount, artifactBytes } = executionLimits;
  const { memoryBytes, diskBytes, processes, cpus } = sandboxLimits;
  return [
    `${timeoutMs / 1000} s of time`,
    ...(memoryBytes === undefined ? [] : [`${bytesText(memoryBytes)} of memory`]),
    ...(diskBytes === undefined ? [] : [`${bytesText(diskBytes)} of files`]),
    ...(processes === undefined ? [] : [`${processes} processes`]),
    ...(cpus === undefined ? [] : [`${cpus} processors`]),
    `${bytesText(outputBytes)} printed`,
    `${bytesText(valueBytes)} of value`,
    ...(artifacts ? [`${artifactCount} files of ${bytesText(artifactBytes)} each in artifacts/`] : []),
    `${maxCodeCharacters} characters of code`,
  ].join(', ');
}

/** A number of bytes in the largest unit of which it is at least one. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / KIBIBYTE ** power).toFixed(1))} ${UNITS[power] ?? 'bytes'}`;
}
