import { createHmac } from 'node:crypto';
import type { GuestIdentity } from '@sandport/provider-kit';
import type { E2bSettings } from '../settings/resolve-settings.ts';

const FOLDER_CHARACTERS = 24;
const KEY_MARK_CHARACTERS = 32;

/**
 * What whoever has the same key needs to take a sandbox over: made of the key, which no sandbox sees, and of the sandbox's own mark. With another key, also one that came after this, it cannot be taken
 * over.
 */
export function guestIdentity(settings: E2bSettings, tag: string): GuestIdentity {
  const folderName = derive(settings, 'folder', tag).toString('hex').slice(0, FOLDER_CHARACTERS);
  return { secret: derive(settings, 'supervisor', tag), folderName };
}

/** What tells whoever has another key, before anything is asked inside, that a sandbox is not his to take, nor to end. */
export function keyMark(settings: E2bSettings, tag: string): string {
  return derive(settings, 'key', tag).toString('hex').slice(0, KEY_MARK_CHARACTERS);
}

function derive({ apiKey, accessToken }: E2bSettings, purpose: string, tag: string): Buffer {
  const key = (apiKey ?? accessToken)?.reveal() ?? '';
  return createHmac('sha256', key).update(`sandport ${purpose} ${tag}`).digest();
}
