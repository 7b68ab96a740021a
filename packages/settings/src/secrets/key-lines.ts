import { keySourceInvalid } from './key-errors.ts';
import { KeyRing } from './key-ring.ts';
import type { MasterKey } from './master-key.ts';

/** The most that a key file or the output of a key command may have: room for some thousand keys. */
export const KEY_TEXT_MAX_BYTES = 64 * 1024;

/**
 * The keys of a text with one on each line: the current one first, then former ones. Empty lines and lines that begin with `#` say nothing.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the line.
 */
export function readKeyLines(text: string, source: string): KeyRing {
  const keys = text.split('\n').flatMap((line, index): MasterKey[] => (isKeyLine(line) ? [keyOfLine(line, index, source)] : []));
  if (keys.length === 0) throw keySourceInvalid(source, 'has no key', 'Put a master key on the first line, as base64.');
  return KeyRing.of(keys);
}

/** The same text with one more key, which becomes the current one. Remarks and former keys stay as they are. */
export function withNewKey(text: string, key: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex(isKeyLine);
  return lines.toSpliced(first === -1 ? lines.length : first, 0, key).join('\n');
}

function keyOfLine(line: string, index: number, source: string): MasterKey {
  return { key: line, source: `${source}, line ${index + 1}` };
}

function isKeyLine(line: string): boolean {
  const trimmed = line.trim();
  return trimmed !== '' && !trimmed.startsWith('#');
}
