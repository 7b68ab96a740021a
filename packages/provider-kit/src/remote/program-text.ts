import { readFile } from 'node:fs/promises';
import { guestFileUrl } from '../runner/guest-files.ts';

const texts = new Map<string, Promise<string>>();

/** The text of a program that is carried into sandboxes. Read once: it does not change while we run. */
export function programText(url: URL): Promise<string> {
  const known = texts.get(url.href);
  if (known !== undefined) return known;
  const text = readFile(url, 'utf8');
  texts.set(url.href, text);
  return text;
}

/** A program of a provider that speaks to the supervisor, behind what all of them need for it: `guest/remote/ask_supervisor.py`. */
export async function askingProgram(url: URL): Promise<string> {
  const [ask, text] = await Promise.all([programText(guestFileUrl('remote/ask_supervisor.py')), programText(url)]);
  return `${ask}\n${text}`;
}
