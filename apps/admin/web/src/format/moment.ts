import { currentLanguage } from '../i18n/i18n.ts';
import type { PageLanguage } from '../i18n/page-language.ts';

const SPANS = [
  { unit: 'year', ms: 31_557_600_000 },
  { unit: 'month', ms: 2_629_800_000 },
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const;

/** A moment with date and time, in the time zone of the browser. */
export function sayMoment(atMs: number, language: PageLanguage = currentLanguage()): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(atMs);
}

/** How long ago a moment was: "3 hours ago". */
export function sayAge(atMs: number, nowMs: number = Date.now(), language: PageLanguage = currentLanguage()): string {
  const ageMs = nowMs - atMs;
  const span = SPANS.find(({ ms }) => Math.abs(ageMs) >= ms);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return span === undefined ? words.format(0, 'second') : words.format(-Math.trunc(ageMs / span.ms), span.unit);
}
