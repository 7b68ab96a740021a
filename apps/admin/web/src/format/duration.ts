import { currentLanguage } from '../i18n/i18n.ts';
import type { PageLanguage } from '../i18n/page-language.ts';
import { sayDurationIn } from './duration-in.ts';

/** See {@link sayDurationIn}. */
export function sayDuration(ms: number, language: PageLanguage = currentLanguage()): string {
  return sayDurationIn(language, ms);
}
