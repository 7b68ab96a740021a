/** Languages of the page, by their own names. */
export const PAGE_LANGUAGES = { en: 'English', zh: '简体中文' } as const;

/** A key of {@link PAGE_LANGUAGES}. */
export type PageLanguage = keyof typeof PAGE_LANGUAGES;

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

/** The first of some language tags that the page knows; English when it knows none. */
export function languageOf(tags: readonly string[]): PageLanguage {
  const known = tags.map((tag) => tag.toLowerCase().split('-')[0] ?? '').find((tag) => isPageLanguage(tag));
  return known !== undefined && isPageLanguage(known) ? known : 'en';
}

/** Whether the page knows a language. */
export function isPageLanguage(value: string): value is PageLanguage {
  return Object.hasOwn(PAGE_LANGUAGES, value);
}

/** Tells browser and readers in which language the document is. */
export function markLanguage(language: PageLanguage): void {
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
}
