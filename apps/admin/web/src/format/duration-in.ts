import type { PageLanguage } from '../i18n/page-language.ts';

const STEPS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const;

/** A span of time as people say it, in at most two units: 5400000 gives "1 hr 30 min". What is below a second is told in milliseconds. */
export function sayDurationIn(language: PageLanguage, ms: number): string {
  if (ms < 1000) return sayUnit(Math.round(ms), 'millisecond', language);
  const first = STEPS.findIndex((step) => ms >= step.ms);
  const step = STEPS[first];
  if (step === undefined) return sayUnit(Math.round(ms), 'millisecond', language);
  if (step.unit === 'second') return sayUnit(ms / 1000, 'second', language);
  const whole = Math.floor(ms / step.ms);
  const next = STEPS[first + 1];
  const rest = next === undefined ? 0 : Math.round((ms - whole * step.ms) / next.ms);
  if (next === undefined || rest === 0) return sayUnit(whole, step.unit, language);
  // Rounding may have made the smaller unit whole.
  if (rest * next.ms >= step.ms) return sayDurationIn(language, (whole + 1) * step.ms);
  return `${sayUnit(whole, step.unit, language)} ${sayUnit(rest, next.unit, language)}`;
}

function sayUnit(value: number, unit: string, language: PageLanguage): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 2 }).format(value);
}
