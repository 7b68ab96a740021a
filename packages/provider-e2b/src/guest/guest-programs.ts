import { readFile } from 'node:fs/promises';

const texts = new Map<string, Promise<string>>();

/** A program of the folder `guest`. Read once: they do not change while we run. */
export function guestProgram(name: 'relay_loop.py' | 'kernel_relay.py'): Promise<string> {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFile(new URL(`../../guest/${name}`, import.meta.url), 'utf8');
  texts.set(name, text);
  return text;
}
