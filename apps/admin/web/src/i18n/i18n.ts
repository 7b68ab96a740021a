import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en.ts';
import type { TextsLike } from './texts.ts';

/** Languages of the page, by their own names. */
export const PAGE_LANGUAGES = { en: 'English', zh: '简体中文' } as const;

/** A key of {@link PAGE_LANGUAGES}. */
export type PageLanguage = keyof typeof PAGE_LANGUAGES;

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const STORED_LANGUAGE = 'sandport.language';

/** The texts of the page, in the language that was chosen before or that the browser asks for. */
export const i18n = i18next.createInstance();

/** Makes the texts ready. Those of one language are loaded: each has all of them. */
export async function startTexts(): Promise<void> {
  const language = rememberedLanguage() ?? languageOf(navigator.languages);
  await i18n.use(initReactI18next).init({
    resources: { [language]: { translation: await loadTexts(language) } },
    lng: language,
    fallbackLng: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
  tellBrowser();
}

/** Changes the language, and remembers it in this browser. */
export async function chooseLanguage(language: PageLanguage): Promise<void> {
  localStorage.setItem(STORED_LANGUAGE, language);
  if (!i18n.hasResourceBundle(language, 'translation')) i18n.addResourceBundle(language, 'translation', await loadTexts(language));
  await i18n.changeLanguage(language);
  tellBrowser();
}

async function loadTexts(language: PageLanguage): Promise<TextsLike<typeof en>> {
  return language === 'zh' ? (await import('./zh.ts')).zh : (await import('./en.ts')).en;
}

/** The first of some language tags that the page knows; English when it knows none. */
export function languageOf(tags: readonly string[]): PageLanguage {
  const known = tags.map((tag) => tag.toLowerCase().split('-')[0] ?? '').find((tag) => isPageLanguage(tag));
  return known !== undefined && isPageLanguage(known) ? known : 'en';
}

/** The language that texts are in now. */
export function currentLanguage(): PageLanguage {
  return isPageLanguage(i18n.language) ? i18n.language : 'en';
}

function rememberedLanguage(): PageLanguage | undefined {
  const stored = localStorage.getItem(STORED_LANGUAGE);
  return stored !== null && isPageLanguage(stored) ? stored : undefined;
}

function isPageLanguage(value: string): value is PageLanguage {
  return Object.hasOwn(PAGE_LANGUAGES, value);
}

function tellBrowser(): void {
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-Hans' : 'en';
}
