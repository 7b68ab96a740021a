// @ts-check
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROUTES } from '../../packages/admin-api/dist/index.js';
import { openSqliteSettings } from '../../packages/settings/dist/index.js';
import { Admin } from '../../apps/admin/dist/admin.js';
import { adminConfigSchema } from '../../apps/admin/dist/config/admin-config.js';
import { makeLog } from '../../apps/admin/dist/make-log.js';

/** As much of a page as there has to be for somebody to see that it is there. */
const emptyPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><title>Empty</title></head><body><main>Empty</main></body></html>
`;

/**
 * Starts the same server with an empty page in place of its own: same headers, same way to it.
 *
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function openEmptyPage() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-empty-page-'));
  await writeFile(path.join(folder, 'index.html'), emptyPage);
  const config = adminConfigSchema.parse({ listen: { port: 0 }, log: { level: 'error' } });
  const settings = openSqliteSettings({ path: path.join(folder, 'settings.sqlite') });
  const close = async () => {
    await settings.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const admin = await Admin.start({ config, settings, handlers: nobodyCalls(), log: makeLog(config), version: '0', pageFolder: folder });
    return {
      address: admin.address,
      close: async () => {
        await admin.stop(0);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns {import('../../apps/admin/dist/admin.js').AdminOptions['handlers']} */
function nobodyCalls() {
  const refuse = () => Promise.reject(new Error('an empty page calls nobody'));
  return /** @type {never} */ (Object.fromEntries(Object.keys(ROUTES).map((name) => [name, refuse])));
}
