import { SandboxError } from './errors/sandbox-error.ts';

/** The languages of the contract, by their canonical names. */
export const LANGUAGES = ['python', 'javascript'] as const;

/** A canonical language name. */
export type Language = (typeof LANGUAGES)[number];

/** Every accepted name, lower case, and the language it stands for. */
export const LANGUAGE_ALIASES = {
  python: 'python',
  python3: 'python',
  javascript: 'javascript',
  js: 'javascript',
  node: 'javascript',
  nodejs: 'javascript',
} as const satisfies Record<string, Language>;

/** An accepted spelling of a language. */
export type LanguageName = keyof typeof LANGUAGE_ALIASES;

/**
 * Turns any accepted spelling (case does not matter) into the canonical language.
 *
 * @throws SandboxError `LANGUAGE_UNSUPPORTED` when the name is none of {@link LANGUAGE_ALIASES}.
 */
export function parseLanguage(name: string): Language {
  const key = name.toLowerCase();
  if (Object.hasOwn(LANGUAGE_ALIASES, key)) return LANGUAGE_ALIASES[key as LanguageName];
  throw new SandboxError('LANGUAGE_UNSUPPORTED', `language: "${name.slice(0, 40)}" is not a language of Sandport.`, {
    suggestion: `Use one of: ${Object.keys(LANGUAGE_ALIASES).join(', ')}.`,
    details: { field: 'language', accepted: Object.keys(LANGUAGE_ALIASES) },
  });
}
