import { currentLanguage } from '../i18n/i18n.ts';
import type { PageLanguage } from '../i18n/page-language.ts';

/** A number with its groups of digits. */
export function sayNumber(value: number, language: PageLanguage = currentLanguage()): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
}
