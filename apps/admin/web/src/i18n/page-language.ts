/** Languages of the page, by their own names. */
export const PAGE_LANGUAGES = { en: 'English', zh: '简体中文' } as const;

/** A key of {@link PAGE_LANGUAGES}. */
export type PageLanguage = keyof typeof PAGE_LANGUAGES;

/** The first of some language tags that the page knows; English when it knows none. */
export function languageOf(tags: readonly string[]): PageLanguage {
  const known = tags.map((tag) => tag.toLowerCase().split('-')[0] ?? '').find((tag) => isPageLanguage(tag));
  return known !== undefined && isPageLanguage(known) ? known : 'en';
}

/** Whether the page knows a language. */
export function isPageLanguage(value: string): value is PageLanguage {
  return Object.hasOwn(PAGE_LANGUAGES, value);
}
