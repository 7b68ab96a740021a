import { describe, expect, test } from 'vitest';
import { SandboxError } from './errors/sandbox-error.ts';
import { LANGUAGE_ALIASES, LANGUAGES, parseLanguage } from './language.ts';

describe('parseLanguage', () => {
  test.each(Object.entries(LANGUAGE_ALIASES))('reads %s, in any case, as %s', (alias, language) => {
    expect(parseLanguage(alias)).toBe(language);
    expect(parseLanguage(alias.toUpperCase())).toBe(language);
  });

  test('keeps canonical names', () => {
    expect(LANGUAGES.map(parseLanguage)).toEqual(LANGUAGES);
  });

  test.each(['', 'ruby', ' python', 'python 3', 'constructor', '__proto__', 'toString', 'x'.repeat(10_000)])('refuses "%s"', (name) => {
    const thrown = thrownBy(() => parseLanguage(name));
    expect(thrown).toMatchObject({ code: 'LANGUAGE_UNSUPPORTED', details: { field: 'language' } });
    expect(thrown.message.length).toBeLessThan(120);
  });
});

function thrownBy(action: () => unknown): SandboxError {
  try {
    action();
  } catch (error) {
    if (SandboxError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
