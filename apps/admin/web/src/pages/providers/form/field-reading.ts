import type { ConfigField } from '@sandport/admin-api';
import { sayBytes } from '../../../format/bytes.ts';
import { sayDuration } from '../../../format/duration.ts';
import { sayNumber } from '../../../format/number.ts';
import { currentLanguage } from '../../../i18n/i18n.ts';
import type { PageLanguage } from '../../../i18n/page-language.ts';

const HOUR_MS = 3_600_000;

/** A number of a unit as people say it; nothing where the number itself says as much. */
export function readingOf(value: number, unit: ConfigField['unit'], language: PageLanguage = currentLanguage()): string | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined;
  switch (unit) {
    case 'ms':
      return value < 1000 ? undefined : sayDuration(value, language);
    case 'bytes':
      return value < 1024 ? undefined : sayBytes(value, language);
    case 'hours':
      return value < 24 ? undefined : sayDuration(value * HOUR_MS, language);
    case null:
      return undefined;
  }
}

/** The sign of a unit behind a number; empty for none. */
export function unitSign(unit: ConfigField['unit']): string {
  return unit === 'bytes' ? 'B' : unit === 'hours' ? 'h' : (unit ?? '');
}

/** A value of a field in one line: "30,000 ms = 30 sec". */
export function sayValue(value: unknown, unit: ConfigField['unit'], language: PageLanguage = currentLanguage()): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return JSON.stringify(value) ?? '';
  const sign = unitSign(unit);
  const plain = sign === '' ? sayNumber(value, language) : `${sayNumber(value, language)} ${sign}`;
  const reading = readingOf(value, unit, language);
  return reading === undefined ? plain : `${plain} = ${reading}`;
}
