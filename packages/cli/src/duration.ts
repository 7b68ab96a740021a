import { InvalidArgumentError } from 'commander';

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a duration such as `500ms`, `1.5s` or `2m`. A number without a unit is refused: it would be guessed wrong. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    const hint = /^\d+(\.\d+)?$/.test(text) ? `It has no unit: write ${text}s for seconds or ${text}ms for milliseconds.` : '';
    throw new InvalidArgumentError(hint === '' ? 'Write a number and its unit: 500ms, 5s, 2m or 1h.' : hint);
  }
  const durationMs = Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS];
  if (!Number.isInteger(durationMs)) throw new InvalidArgumentError('It has a fraction of a millisecond.');
  return durationMs;
}
