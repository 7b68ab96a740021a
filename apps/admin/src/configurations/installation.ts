import type { Installation } from '@sandport/admin-api';
import type { Handler } from '../server/handler.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { providerCards, readCardSources } from './provider-cards.ts';

/** What is in use, and what could be. */
export function readInstallation(service: SandboxService): Handler<'readInstallation'> {
  return async ({ signal }): Promise<Installation> => {
    const sources = await readCardSources(service, signal);
    const { version, providerType, fallback, policy, override, changedElsewhere, problems } = sources.active;
    return {
      version,
      activeSince: version === null ? null : await activationOf(service, version, signal),
      providerType,
      fallback: [...fallback],
      policy,
      override,
      changedElsewhere: [...changedElsewhere],
      problems: [...problems],
      providers: providerCards(service.providers, sources),
      settingsLocation: service.settings.location,
    };
  };
}

async function activationOf({ settings }: SandboxService, version: number, signal: AbortSignal): Promise<Installation['activeSince']> {
  const { author, reason, activatedAtMs, createdAtMs } = (await settings.configurations.version(version, { signal })).record;
  return { author, reason, activatedAtMs: activatedAtMs ?? createdAtMs };
}
