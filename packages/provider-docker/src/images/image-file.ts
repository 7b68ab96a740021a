import { fileURLToPath } from 'node:url';
import type { Language } from '@sandport/core';

/** A file that belongs to a language's image; it is published with this package. */
export function imageFile(language: Language, name: string): string {
  return fileURLToPath(new URL(`../../images/${language}/${name}`, import.meta.url));
}
