import { isPageFile, isTemplateFile, isTestFile, kindOf, packageOfSpecifier, SCOPE, type PackageKind } from '../package-kind.ts';
import { packageRule } from '../rule.ts';
import type { PackageModel, WorkspaceModel } from '../workspace-model.ts';

/** Which kinds of package the published sources of each kind may import, for types as well as for values. */
const allowedKinds: Readonly<Record<PackageKind, readonly PackageKind[]>> = {
  core: [],
  'executor-api': ['core'],
  'admin-api': ['core', 'executor-api'],
  'http-service': ['core', 'executor-api'],
  kit: ['core'],
  conformance: ['core'],
  preparation: ['core', 'conformance'],
  // A fake knows the vendor's wire and nothing of ours: what it answers cannot be shaped by what we expect.
  fakes: [],
  generator: ['core'],
  provider: ['core', 'executor-api', 'kit'],
  // The list, and nothing that does anything.
  providers: ['core', 'provider'],
  settings: ['core'],
  client: ['core'],
  // It takes whatever runs code in the shape of the contract.
  agent: ['core'],
  adapter: ['core', 'agent'],
  app: [
    'core',
    'executor-api',
    'admin-api',
    'http-service',
    'kit',
    'client',
    'agent',
    'adapter',
    'provider',
    'providers',
    'settings',
    'conformance',
    'preparation',
  ],
};

/** What tests may import beside it. */
const allowedKindsInTests: Readonly<Record<PackageKind, readonly PackageKind[]>> = {
  ...allowedKinds,
  // The suite is proven on a provider of its own that isolates nothing.
  conformance: ['core', 'kit'],
  generator: ['core', 'kit', 'conformance'],
  provider: ['core', 'executor-api', 'kit', 'conformance', 'fakes'],
  // What a model is told of a provider is proven on one.
  agent: ['core', 'client', 'provider', 'settings'],
  adapter: ['core', 'agent', 'client', 'provider', 'settings'],
  // The admin app is walked through with an executor behind it.
  app: [...allowedKinds.app, 'app', 'fakes'],
};

/** All that may be installed with the packages that every program carries, whichever provider it uses. */
const leanKinds: Partial<Readonly<Record<PackageKind, readonly string[]>>> = {
  core: ['zod'],
  client: [`${SCOPE}core`, '@opentelemetry/api', 'zod'],
  agent: [`${SCOPE}core`, '@cfworker/json-schema', 'zod'],
  preparation: [`${SCOPE}core`, `${SCOPE}conformance`],
};

function kindOfPackage(workspace: WorkspaceModel, name: string): PackageKind | undefined {
  const target = workspace.packages.find((model) => model.manifest.name === name);
  return target === undefined ? undefined : kindOf(target.group, target.folder);
}

/** The arrows of the architecture page. */
export const importDirection = packageRule('imports follow the direction of the house', (model, workspace) => {
  const kind = kindOf(model.group, model.folder);
  if (kind === undefined) return ['has a folder name of no known kind'];
  return model.modules.flatMap((module) => {
    // What a template is made into is a provider.
    const side = isTemplateFile(module.path) ? 'provider' : kind;
    const allowed = (isTestFile(module.path) ? allowedKindsInTests : allowedKinds)[side];
    return module.imports.flatMap(({ specifier }) => {
      const name = packageOfSpecifier(specifier);
      if (name === undefined || !name.startsWith(SCOPE) || name === model.manifest.name) return [];
      const targetKind = kindOfPackage(workspace, name);
      if (targetKind !== undefined && allowed.includes(targetKind)) return [];
      return [`${module.path} imports ${name}, which ${kind} may not`];
    });
  });
});

/** Whoever installs a package gets what its sources and its declarations import. */
export const declaredDependencies = packageRule('what is imported is a declared dependency', (model) => {
  const published = new Set(
    Object.keys({ ...model.manifest.dependencies, ...model.manifest.peerDependencies, ...model.manifest.optionalDependencies }),
  );
  const inTests = new Set([...published, ...Object.keys(model.manifest.devDependencies), 'vitest']);
  return model.modules.flatMap((module) => {
    const declared = isTestFile(module.path) || isPageFile(module.path) || isTemplateFile(module.path) ? inTests : published;
    return module.imports.flatMap(({ specifier }) => {
      const name = packageOfSpecifier(specifier);
      return name === undefined || name === model.manifest.name || declared.has(name)
        ? []
        : [`${module.path} imports ${name}, which is not declared`];
    });
  });
});

/** Only what a package exports may be imported, and files only from one's own package. */
export const publicEntries = packageRule('packages are entered by their exports only', (model, workspace) =>
  model.modules.flatMap((module) =>
    module.imports.flatMap(({ specifier }) => {
      if (specifier.startsWith('.'))
        return leavesPackage(module.path, specifier) ? [`${module.path} reaches out of its package with ${specifier}`] : [];
      const target = workspace.packages.find((other) => other.manifest.name === packageOfSpecifier(specifier));
      if (target === undefined) return [];
      const entry = `.${specifier.slice(target.manifest.name.length)}`;
      return Object.hasOwn(target.manifest.exports, entry) ? [] : [`${module.path} imports ${specifier}, which is not exported`];
    }),
  ),
);

function leavesPackage(modulePath: string, specifier: string): boolean {
  const up = specifier.split('/').filter((part) => part === '..').length;
  return up > modulePath.split('/').length - 1;
}

/** Files are named with their extension, as Node wants it. */
export const fileExtensions = packageRule('relative imports name the file with its extension', (model) =>
  model.modules.flatMap((module) =>
    module.imports.flatMap(({ specifier }) =>
      !specifier.startsWith('.') || /\.(ts|tsx|mjs|json|css)$/.test(specifier)
        ? []
        : [`${module.path} imports ${specifier} without its extension`],
    ),
  ),
);

/** Whoever installs the contract or the client installs no vendor's library with it. */
export const leanDependencies = packageRule('core, client and preparation depend on their few libraries only', (model) => {
  const kind = kindOf(model.group, model.folder);
  const allowed = kind === undefined ? undefined : leanKinds[kind];
  if (allowed === undefined) return [];
  return runtimeDependencies(model)
    .filter((name) => !allowed.includes(name))
    .map((name) => `depends on ${name}`);
});

/** Everything that is installed with a package. */
export function runtimeDependencies(model: PackageModel): string[] {
  return Object.keys({ ...model.manifest.dependencies, ...model.manifest.optionalDependencies });
}
