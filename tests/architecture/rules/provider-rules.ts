import { isTestFile, kindOf, packageOfSpecifier, providerNames } from '../package-kind.ts';
import { packageRule, type Rule } from '../rule.ts';
import type { PackageModel } from '../workspace-model.ts';
import { runtimeDependencies } from './import-rules.ts';

/** Two of the house, zod, and a vendor's client in the parts in which it is published. */
const maximumDependencies = 6;

const isProvider = (model: PackageModel): boolean => kindOf(model.group, model.folder) === 'provider';

const isConformanceTest = (file: string): boolean => /(^|\/)[a-z0-9-]*conformance[a-z0-9.-]*\.test\.ts$/.test(file);

/** A reader who knows one provider finds his way in all of them. */
export const providerFiles = packageRule('provider packages have the same files', (model, workspace) => {
  if (!isProvider(model)) return [];
  const { kebab } = providerNames(model.folder);
  const wanted = ['provider', 'provider-config', 'errors', 'health'].map((part) => `src/${kebab}-${part}.ts`);
  // One whose far side is an app of the house is proven against that, in the app's tests.
  const provers = workspace.packages.filter(({ group }) => group === 'apps').flatMap(({ modules }) => modules);
  const hasConformanceTest =
    model.files.some(isConformanceTest) ||
    provers.some(({ path, imports }) => isConformanceTest(path) && imports.some(({ specifier }) => specifier === model.manifest.name));
  return [
    ...wanted.filter((file) => !model.files.includes(file)).map((file) => `has no ${file}`),
    ...(hasConformanceTest ? [] : ['has no conformance test']),
  ];
});

/** The same names are exported everywhere. */
export const providerExports = packageRule('provider packages export the same names', (model) => {
  if (!isProvider(model)) return [];
  const { camel, pascal } = providerNames(model.folder);
  const exported = model.modules.find((module) => module.path === 'src/index.ts')?.exportedNames ?? [];
  return [`create${pascal}Provider`, `${camel}Provider`, `${pascal}ProviderConfig`]
    .filter((name) => !exported.includes(name))
    .map((name) => `does not export ${name}`);
});

/** Every dependency of a provider is a dependency of whoever carries it. */
export const providerDependencies = packageRule(`a provider has at most ${maximumDependencies} runtime dependencies`, (model) => {
  const count = runtimeDependencies(model).length;
  return isProvider(model) && count > maximumDependencies ? [`has ${count} runtime dependencies`] : [];
});

const LIST = 'providers';
const LIST_FILE = 'src/providers.ts';

const definitionOf = (model: PackageModel): string => `${providerNames(model.folder).camel}Provider`;

/** What can be chosen is the same in the command, on the page and behind an executor. Tests take what they need. */
export const oneProviderList = packageRule('providers are listed in packages/providers alone', (model, workspace) => {
  const kind = kindOf(model.group, model.folder);
  if (kind !== 'app' && kind !== LIST) return [];
  const definitions = new Map(workspace.packages.filter(isProvider).map((provider) => [provider.manifest.name, definitionOf(provider)]));
  return model.modules
    .filter((module) => !(kind === LIST && module.path === LIST_FILE) && !isTestFile(module.path))
    .flatMap((module) =>
      module.imports.flatMap(({ specifier, names }) => {
        const definition = definitions.get(packageOfSpecifier(specifier) ?? '');
        return definition !== undefined && names.includes(definition) ? [`${module.path} takes ${definition} past the list`] : [];
      }),
    );
});

/** A new provider is one line for all who offer providers. */
export const listedProviders: Rule = {
  title: 'the list has every provider',
  findViolations: ({ packages }) => {
    const listed = packages.find(({ folder }) => folder === LIST)?.modules.find(({ path }) => path === LIST_FILE)?.imports ?? [];
    return packages
      .filter(isProvider)
      .filter((model) => !listed.some(({ specifier, names }) => specifier === model.manifest.name && names.includes(definitionOf(model))))
      .map(({ folder }) => `packages/${LIST}/${LIST_FILE} does not list ${folder}`);
  },
};

/** Whoever reads the first page learns which providers there are. */
export const providerRows: Rule = {
  title: 'every provider has a row in the README',
  findViolations: ({ packages, root }) =>
    packages
      .filter(isProvider)
      .filter(({ folder }) => !root.readme.split('\n').some((line) => line.startsWith('|') && line.includes(`(packages/${folder}`)))
      .map(({ folder }) => `README.md has no table row that links to packages/${folder}`),
};
