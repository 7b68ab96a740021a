import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { markLanguage, preferredLanguage, rememberLanguage } from './language-choice.ts';
import { isPageLanguage, type PageLanguage } from './page-language.ts';
import type { TextsLike } from './texts.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** The texts of the page, in the language that was chosen before or that the browser asks for. */
export const i18n = i18next.createInstance();

/** Makes the texts ready. Those in English are there; those of another language are loaded: each has all of them. */
export async function startTexts(): Promise<void> {
  const language = preferredLanguage();
  await i18n.use(initReactI18next).init({
    resources: { [language]: { translation: await loadTexts(language) } },
    lng: language,
    fallbackLng: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
  markLanguage(currentLanguage());
}

/** Changes the language, and remembers it in this browser. */
export async function chooseLanguage(language: PageLanguage): Promise<void> {
  rememberLanguage(language);
  if (!i18n.hasResourceBundle(language, 'translation')) i18n.addResourceBundle(language, 'translation', await loadTexts(language));
  await i18n.changeLanguage(language);
  markLanguage(currentLanguage());
}

async function loadTexts(language: PageLanguage): Promise<TextsLike<typeof en>> {
  return language === 'zh' ? (await import('./zh.ts')).zh : en;
}

/** The language that texts are in now. */
export function currentLanguage(): PageLanguage {
  return isPageLanguage(i18n.language) ? i18n.language : 'en';
}
