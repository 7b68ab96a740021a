import { readFile } from 'node:fs/promises';

let text: Promise<string> | undefined;

/** The program that carries one request to the supervisor. Read once: it does not change while we run. */
export function relayProgram(): Promise<string> {
  text ??= readFile(new URL('../../guest/relay.py', import.meta.url), 'utf8');
  return text;
}
