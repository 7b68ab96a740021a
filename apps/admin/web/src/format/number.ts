import { currentLanguage, type PageLanguage } from '../i18n/i18n.ts';

/** A number with its groups of digits. */
export function sayNumber(value: number, language: PageLanguage = currentLanguage()): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
}
