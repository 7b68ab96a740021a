import { session as englishSession } from '../i18n/en/session.ts';
import { shell as englishShell } from '../i18n/en/shell.ts';
import { problems as englishProblems } from '../i18n/en/words.ts';
import type { PageLanguage } from '../i18n/page-language.ts';
import { session as chineseSession } from '../i18n/zh/session.ts';
import { shell as chineseShell } from '../i18n/zh/shell.ts';
import { problems as chineseProblems } from '../i18n/zh/words.ts';

const TEXTS = {
  en: { session: englishSession, shell: englishShell, problems: englishProblems },
  zh: { session: chineseSession, shell: chineseShell, problems: chineseProblems },
} as const;

type TextsOfSignIn = (typeof TEXTS)[PageLanguage];

/** What the sign-in page can say in a language. */
export function textsIn(language: PageLanguage): TextsOfSignIn {
  return TEXTS[language];
}

/** The text at a key with dots, as the document names it. @throws Error where there is none */
export function textAt(language: PageLanguage, key: string): string {
  const text = key
    .split('.')
    .reduce<unknown>((part, name) => (part as Readonly<Record<string, unknown>> | undefined)?.[name], TEXTS[language]);
  if (typeof text !== 'string') throw new Error(`The sign-in page has no text "${key}".`);
  return text;
}

/** A text with its slots filled in. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_slot, name: string) => values[name] ?? '');
}
