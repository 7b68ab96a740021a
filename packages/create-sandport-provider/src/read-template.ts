import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProviderName } from './provider-name.ts';

/** Files of a package: its path below the package, with `/`, and its text. */
export type PackageFiles = ReadonlyMap<string, string>;

/** What the files of a package differ in besides its name. */
export interface PackageWords {
  readonly packageName: string;
  /** Where its README finds the kit. */
  readonly kitLink: string;
  /** How its tests are run. */
  readonly testCommand: string;
}

/** Parts of the template; every package has `package`, and one of the others. */
export type TemplatePart = 'package' | 'standalone' | 'in-repository';

/** What tests and tools leave in folders, and is nobody's source. */
const LEFT_FOLDERS = new Set(['node_modules', 'dist', '__pycache__']);

/** The name of a manifest here: one named package.json inside of a package would be taken for that of a package. */
const MANIFEST = 'manifest.json';

const templateFolder = fileURLToPath(new URL('../template', import.meta.url));

/** The template is a provider that works and is called New Cloud. Here it gets another name, in the names of its files as well. */
export async function readTemplate(parts: readonly TemplatePart[], name: ProviderName, words: PackageWords): Promise<PackageFiles> {
  const files = new Map<string, string>();
  for (const part of parts) {
    for (const file of await listFiles(path.join(templateFolder, part))) {
      const text = await readFile(path.join(templateFolder, part, ...file.split('/')), 'utf8');
      files.set(file === MANIFEST ? 'package.json' : rename(file, name), rename(text, name, words));
    }
  }
  return files;
}

async function listFiles(folder: string, below = ''): Promise<string[]> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const relative = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) return [relative];
    return LEFT_FOLDERS.has(entry.name) ? [] : listFiles(folder, relative);
  });
  return (await Promise.all(lists)).flat().toSorted();
}

function rename(text: string, name: ProviderName, words?: PackageWords): string {
  const renamed = new Map([
    ['new-cloud', name.kebab],
    ['new_cloud', name.id],
    ['newCloud', name.camel],
    ['NewCloud', name.pascal],
    ['NEW_CLOUD', name.constant],
    ['New Cloud', name.display],
    ...(words === undefined
      ? []
      : ([
          ['PACKAGE_NAME', words.packageName],
          // The link leads somewhere in the template, too.
          ['../../../provider-kit', words.kitLink],
          ['TEST_COMMAND', words.testCommand],
        ] as const)),
  ]);
  // In one pass: a name may contain what stands for another.
  return text.replaceAll(new RegExp([...renamed.keys()].join('|').replaceAll('.', '\\.'), 'g'), (found) => renamed.get(found) ?? found);
}
