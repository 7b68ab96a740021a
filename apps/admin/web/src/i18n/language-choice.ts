import { isPageLanguage, languageOf, type PageLanguage } from './page-language.ts';

const STORED_LANGUAGE = 'sandport.language';

/** The language that was chosen before in this browser, or that the browser asks for. */
export function preferredLanguage(): PageLanguage {
  const stored = localStorage.getItem(STORED_LANGUAGE);
  return stored !== null && isPageLanguage(stored) ? stored : languageOf(navigator.languages);
}

/** Remembers in this browser what was chosen. */
export function rememberLanguage(language: PageLanguage): void {
  localStorage.setItem(STORED_LANGUAGE, language);
}

/** Tells browser and readers in which language the document is. */
export function markLanguage(language: PageLanguage): void {
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
}
