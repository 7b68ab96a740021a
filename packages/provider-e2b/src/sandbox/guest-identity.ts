import { createHmac } from 'node:crypto';
import type { GuestIdentity } from '@sandport/provider-kit';
import type { E2bSettings } from '../settings/resolve-settings.ts';

const FOLDER_CHARACTERS = 24;

/**
 * What whoever has the same key needs to take a sandbox over: made of the key, which no sandbox sees, and of the sandbox's own mark. With another key, also one that came after this, it cannot be taken
 * over.
 */
export function guestIdentity({ apiKey, accessToken }: E2bSettings, tag: string): GuestIdentity {
  const key = (apiKey ?? accessToken)?.reveal() ?? '';
  const derive = (purpose: string): Buffer => createHmac('sha256', key).update(`sandport ${purpose} ${tag}`).digest();
  return { secret: derive('supervisor'), folderName: derive('folder').toString('hex').slice(0, FOLDER_CHARACTERS) };
}
