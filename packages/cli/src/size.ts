import { InvalidArgumentError } from 'commander';

const UNIT_BYTES = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;

/** Bytes of a size such as `256m`, `1.5GiB`. Units are powers of 1024; `MB` is refused, since it is read as one thing and the other. */
export function parseSize(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(k|m|g)(?:ib)?$/.exec(text.toLowerCase()) ?? [];
  if (amount === undefined || unit === undefined)
    throw new InvalidArgumentError('Write a number and its unit: 512KiB, 256m, 256MiB or 1g.');
  const bytes = Number(amount) * UNIT_BYTES[unit as keyof typeof UNIT_BYTES];
  if (!Number.isSafeInteger(bytes)) throw new InvalidArgumentError('It is not a whole number of bytes.');
  return bytes;
}

/** A number of processors, with fractions. */
export function parseProcessors(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Write a number: 0.5, 1 or 2.');
  return Number(text);
}
