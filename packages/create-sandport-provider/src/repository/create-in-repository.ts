import { access, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CreatedProvider } from '../created-provider.ts';
import { parseProviderName, type ProviderName } from '../provider-name.ts';
import { readTemplate } from '../read-template.ts';
import { refusal } from '../refusal.ts';
import { checkFree, writePackage } from '../write-package.ts';
import { insertLine, type LineInsertion } from './insert-line.ts';
import { replaceFiles, type FileChange } from './replace-files.ts';

const LIST_FILE = 'packages/providers/src/providers.ts';

/**
 * Makes a provider package in the repository of Sandport and lists it, all of it or nothing. Touched are its own folder, one line of {@link LIST_FILE} with the dependency and the reference
 * that this line takes, and one row of the README.
 *
 * @throws SandboxError `REQUEST_INVALID` with the reason (name, folder, in-repository).
 */
export async function createInRepository(options: { readonly name: string; readonly root: string }): Promise<CreatedProvider> {
  const name = parseProviderName(options.name);
  const root = path.resolve(options.root);
  const folder = path.join(root, 'packages', `provider-${name.kebab}`);
  await checkFree(folder);
  const packageName = `@sandport/provider-${name.kebab}`;
  const testCommand = `npx vitest run --project unit packages/provider-${name.kebab}`;
  const files = await readTemplate(['package', 'in-repository'], name, { packageName, kitLink: '../provider-kit', testCommand });
  const changes = await Promise.all(insertionsOf(name).map(([file, insertion]) => changeOf(root, file, insertion)));
  await writePackage(folder, files);
  try {
    await replaceFiles(changes);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { folder, packageName, changedFiles: changes.map(({ path: changed }) => changed) };
}

/**
 * The repository that a folder lies in.
 *
 * @throws SandboxError `REQUEST_INVALID` when it lies in none.
 */
export async function findRepository(folder: string): Promise<string> {
  for (let root = path.resolve(folder); ; root = path.dirname(root)) {
    const [found] = await Promise.allSettled([access(path.join(root, ...LIST_FILE.split('/')))]);
    if (found.status === 'fulfilled') return root;
    if (root === path.dirname(root)) {
      const problem = `${JSON.stringify(folder)} is not in a repository of Sandport: no folder above it has ${LIST_FILE}`;
      throw refusal('in-repository', problem, 'Go there, or leave --in-repository out.');
    }
  }
}

function insertionsOf({ kebab, id, camel }: ProviderName): readonly (readonly [file: string, insertion: LineInsertion])[] {
  const packageName = `@sandport/provider-${kebab}`;
  const row = `| [\`${packageName}\`](packages/provider-${kebab}) | \`${id}\` | none yet: processes of this machine | Python, JavaScript |`;
  return [
    [
      LIST_FILE,
      {
        like: /^export \{ \w+ \} from '(@sandport\/provider-[a-z0-9-]+)';$/,
        line: `export { ${camel}Provider } from '${packageName}';`,
        order: 'sorted',
      },
    ],
    [
      'packages/providers/package.json',
      { like: /^ +"(@sandport\/provider-[a-z0-9-]+)":/, line: `    "${packageName}": "workspace:^"`, order: 'sorted', separator: ',' },
    ],
    [
      'packages/providers/tsconfig.json',
      { like: /"path": "\.\.\/(provider-[a-z0-9-]+)"/, line: `    { "path": "../provider-${kebab}" }`, order: 'sorted', separator: ',' },
    ],
    [
      'README.md',
      { like: /^\| \[`@sandport\/(provider-[a-z0-9-]+)`\]\(packages\/[a-z0-9-]+\) \| `[a-z0-9_]+` \|/, line: row, order: 'last' },
    ],
  ];
}

async function changeOf(root: string, file: string, insertion: LineInsertion): Promise<FileChange> {
  const target = path.join(root, ...file.split('/'));
  const before = await readFile(target, 'utf8');
  return { path: target, before, after: insertLine(file, before, insertion) };
}
