import { compareConfigurations } from './comparisons/compare-configurations.ts';
import { listCorpus } from './comparisons/list-corpus.ts';
import { activationHandlers } from './configurations/activation.ts';
import { foreseeActivation } from './configurations/consequences.ts';
import { draftHandlers } from './configurations/drafts.ts';
import { readInstallation } from './configurations/installation.ts';
import { describeProvider } from './configurations/provider-description.ts';
import { versionHandlers } from './configurations/versions.ts';
import { executeProgram } from './playground/execute-program.ts';
import { predecessorHandlers } from './predecessor/predecessor-routes.ts';
import type { Handlers } from './server/handler.ts';
import type { SandboxService } from './service/sandbox-service.ts';
import { readHealth } from './trials/health.ts';
import { listPassports } from './trials/passports.ts';
import { listTrialCases } from './trials/trial-cases.ts';
import { tryConfiguration } from './trials/try-configuration.ts';
import { readUsage } from './usage/read-usage.ts';

/** Names of the routes below `/api/v1/admin/sandbox`. */
export type SandboxRouteName =
  | 'listProviders'
  | 'readProviderSchema'
  | 'readConfig'
  | 'writeConfig'
  | 'testConfig'
  | 'readInstallation'
  | 'describeProvider'
  | 'listVersions'
  | 'readVersion'
  | 'compareVersions'
  | 'foreseeActivation'
  | 'createDraft'
  | 'discardDraft'
  | 'activateVersion'
  | 'rollBack'
  | 'setPolicyAside'
  | 'tryConfiguration'
  | 'listTrialCases'
  | 'listPassports'
  | 'listAudit'
  | 'readUsage'
  | 'readHealth'
  | 'executeProgram'
  | 'listCorpus'
  | 'compareConfigurations';

/** How each route of sandboxes is carried out. Access, paths, queries and bodies were checked before. */
export function createSandboxHandlers(service: SandboxService): Handlers<SandboxRouteName> {
  return {
    ...predecessorHandlers(service),
    ...versionHandlers(service),
    ...draftHandlers(service),
    ...activationHandlers(service),
    readInstallation: readInstallation(service),
    describeProvider: describeProvider(service),
    foreseeActivation: foreseeActivation(service),
    tryConfiguration: tryConfiguration(service),
    listTrialCases: listTrialCases(),
    listPassports: listPassports(service),
    readUsage: readUsage(service),
    readHealth: readHealth(service),
    executeProgram: executeProgram(service),
    listCorpus: listCorpus(),
    compareConfigurations: compareConfigurations(service),
  };
}
