import { readFileSync } from 'node:fs';

/** A program of the folder `guest`. It is handed over as text: a sandbox does not see the folder that it is in. */
export function readGuestProgram(name: string): string {
  return readFileSync(new URL(`../../guest/${name}`, import.meta.url), 'utf8');
}
