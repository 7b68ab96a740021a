import { kindOf, NEWER_NODE, packageNameOf, SCOPE } from '../package-kind.ts';
import { packageRule, type Rule } from '../rule.ts';
import type { PackageModel } from '../workspace-model.ts';
import { runtimeDependencies } from './import-rules.ts';

/** The folder says the name. */
export const packageName = packageRule('a package is named after its folder', (model) =>
  model.manifest.name === packageNameOf(model.folder) ? [] : [`is named ${model.manifest.name}`],
);

/** Turbo's tag, which `turbo boundaries` reads, says the same as the folder. */
export const boundaryTag = packageRule('the tag for `turbo boundaries` is the kind of the package', (model) => {
  const kind = kindOf(model.group, model.folder);
  return model.tags.length === 1 && model.tags[0] === kind ? [] : [`has the tags [${model.tags.join(', ')}], not [${kind}]`];
});

/** Every published package promises the same to whoever installs it. */
export const manifestShape = packageRule('published packages have one manifest shape', (model, workspace) => {
  const { manifest } = model;
  if (manifest.private) return [];
  const main = manifest.exports['.'];
  const conditions = typeof main === 'object' ? Object.keys(main).join(' ') : '';
  return [
    ...(manifest.license === workspace.root.manifest.license ? [] : [`has the licence ${manifest.license}`]),
    ...(manifest.type === 'module' ? [] : ['is not an ES module package']),
    ...(manifest.engines['node'] === workspace.root.manifest.engines['node'] ? [] : ['supports other Node versions than the house']),
    ...(manifest.publishConfig.engines['node'] === NEWER_NODE[model.folder]
      ? []
      : ['is published for other Node versions than are agreed']),
    ...(conditions === '@sandport/source types default' ? [] : [`exports "." with the conditions [${conditions}]`]),
    ...(Object.hasOwn(manifest.exports, './package.json') ? [] : ['does not export its package.json']),
    ...(['dist', 'src'].every((entry) => manifest.files.includes(entry)) ? [] : ['does not publish dist and src']),
    ...unpublishedFolders(model).map((folder) => `does not publish ${folder}/`),
    ...(['!src/**/*.test.ts', '!src/**/*.test-d.ts'].every((entry) => manifest.files.includes(entry)) ? [] : ['publishes its tests']),
  ];
});

/** Folders that are neither sources nor tests are there for the program: an installed package needs them too. The page is in `dist`, as it was built. */
function unpublishedFolders(model: PackageModel): string[] {
  const folders = new Set(model.files.flatMap((file) => (file.includes('/') ? (file.split('/')[0] ?? []) : [])));
  return [...folders].filter((folder) => !['src', 'test', 'web'].includes(folder) && !model.manifest.files.includes(folder));
}

/** Versions of shared libraries are chosen in one place. */
export const dependencyRanges = packageRule('versions come from the workspace or the catalog', (model) =>
  Object.entries({ ...model.manifest.dependencies, ...model.manifest.devDependencies, ...model.manifest.optionalDependencies }).flatMap(
    ([name, range]) => {
      const expected = name.startsWith(SCOPE) ? 'workspace:^' : 'catalog:';
      return range === expected ? [] : [`wants ${name} as "${range}", not "${expected}"`];
    },
  ),
);

/** A build of a project first builds what it needs. */
export const projectReferences = packageRule('tsconfig references are the workspace dependencies', (model) => {
  const wanted = runtimeDependencies(model)
    .filter((name) => name.startsWith(SCOPE))
    .map((name) => name.slice(SCOPE.length));
  return [
    ...wanted.filter((name) => !model.references.includes(name)).map((name) => `does not refer to ${name}`),
    ...model.references.filter((name) => !wanted.includes(name)).map((name) => `refers to ${name}, which is no dependency`),
  ];
});

/** `tsc -b` in the root builds everything, whether it is named there or needed by what is. */
export const rootReferences: Rule = {
  title: 'the root tsconfig leads to every package',
  findViolations: ({ packages, root }) => {
    const reached = new Set(root.references.map((folder) => folder.split('/').at(-1) ?? ''));
    // What is added while the set is walked is walked, too.
    for (const folder of reached)
      for (const reference of packages.find((model) => model.folder === folder)?.references ?? []) reached.add(reference);
    return packages.filter(({ folder }) => !reached.has(folder)).map(({ group, folder }) => `${group}/${folder} is missing`);
  },
};

/** What every README of a package tells, by its headings. */
const readmeHeadings = ['What it does', 'Install', 'Use', 'Testing it'];

/** What the README of a provider tells beside it. */
const providerReadmeHeadings = ['Configuration', 'Capabilities and limits', 'Errors you will meet'];

/** A reader finds the same things at the same place in every package. */
export const packageReadme = packageRule('every package has a README with the fixed headings', (model) => {
  const { readme } = model;
  if (readme === undefined) return ['has no README.md'];
  const headings = new Set(readme.split('\n').flatMap((line) => /^## (.+)$/.exec(line)?.[1]?.trim() ?? []));
  const wanted = kindOf(model.group, model.folder) === 'provider' ? [...readmeHeadings, ...providerReadmeHeadings] : readmeHeadings;
  return wanted.filter((heading) => !headings.has(heading)).map((heading) => `README.md has no heading "## ${heading}"`);
});
