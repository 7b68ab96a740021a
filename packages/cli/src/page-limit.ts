import { InvalidArgumentError } from 'commander';

const MAX_LIMIT = 500;

/** How many entries of a list are shown. */
export function parseLimit(text: string): number {
  const limit = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MAX_LIMIT}.`);
}
