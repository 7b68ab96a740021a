import { InvalidArgumentError } from 'commander';

/** The number of a version, as the history lists it. */
export function parseVersionNumber(text: string): number {
  const number = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Write the number of a version, as "sandport config history" lists them.');
}
