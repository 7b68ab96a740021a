import type { Rule } from '../rule.ts';
import { declaredDependencies, fileExtensions, importDirection, leanDependencies, publicEntries } from './import-rules.ts';
import {
  boundaryTag,
  dependencyRanges,
  manifestShape,
  packageName,
  packageReadme,
  projectReferences,
  rootReferences,
} from './package-rules.ts';
import { listedProviders, oneProviderList, providerDependencies, providerExports, providerFiles, providerRows } from './provider-rules.ts';
import { explicitExports, fileLength, noTopLevelAwait, tellingNames } from './source-rules.ts';

/** Every rule of the house, by name. */
export const allRules = {
  importDirection,
  declaredDependencies,
  publicEntries,
  fileExtensions,
  leanDependencies,
  packageName,
  boundaryTag,
  manifestShape,
  dependencyRanges,
  projectReferences,
  rootReferences,
  packageReadme,
  explicitExports,
  noTopLevelAwait,
  fileLength,
  tellingNames,
  providerFiles,
  providerExports,
  providerDependencies,
  oneProviderList,
  listedProviders,
  providerRows,
} as const satisfies Record<string, Rule>;
