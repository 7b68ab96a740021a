// @ts-check
/** A program of its own, started by `ensureBrowser`: it leaves the package database whole whatever becomes of the one that asked. */
import { installQuietly, offeredVersions, progress, runInstallation } from '../engine/installation.mjs';
import { missingBrowserPackages } from './missing-packages.mjs';

await runInstallation(async ({ context }) => {
  const missing = await missingBrowserPackages();
  if (missing.length === 0) return;
  progress(`installing ${missing.join(', ')} from the distribution (this happens once)`);
  await offeredVersions(missing, context);
  await installQuietly(missing, context);
  const stillMissing = await missingBrowserPackages();
  if (stillMissing.length > 0) throw new Error(`what is in ${stillMissing.join(', ')} cannot be found even after the installation`);
}, 'Mend what apt complains about, or install Chromium yourself and name it in SANDPORT_CHROMIUM.');
