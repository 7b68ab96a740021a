import { currentLanguage } from '../i18n/i18n.ts';
import type { PageLanguage } from '../i18n/page-language.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes as people say it: 536870912 gives "512 MiB". */
export function sayBytes(bytes: number, language: PageLanguage = currentLanguage()): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(bytes / 1024 ** power);
  return `${value} ${UNITS[power] ?? 'B'}`;
}
