import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHome } from './run-in-process.ts';

/** A provider's folder with these packages beside it. Gives the path of its package.json. */
export function installPackages(packages: Readonly<Record<string, { readonly version: string; readonly code: string }>>): string {
  const { file, homeFolder } = createHome();
  for (const [name, { version, code }] of Object.entries(packages)) {
    const folder = join(homeFolder, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
    writeFileSync(join(folder, 'index.js'), code);
  }
  return file('package.json', '{}');
}
