import type { HealthAnswer } from '@sandport/admin-api';
import { createProvider, SandboxError, toErrorPayload, type HealthReport } from '@sandport/core';
import { scrubberOf } from '@sandport/preparation';
import { providersInUse } from '@sandport/settings';
import type { Handler } from '../server/handler.ts';
import { closeProvider } from '../service/close-provider.ts';
import { WorkDeadline } from '../service/work-deadline.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { withoutSecrets } from '../service/without-secrets.ts';

type Report = HealthAnswer['reports'][number];

/** A look runs a program; a far side may be slow to make the sandbox for it. */
const LOOK_TIMEOUT_MS = 90_000;

/** Looks at the providers in use, from where this program runs. */
export function readHealth(service: SandboxService): Handler<'readHealth'> {
  return async ({ signal }) => {
    using _slot = service.slots.take();
    const active = await service.settings.configurations.active({ signal });
    const reports = await Promise.all(providersInUse(active).map((id) => lookAt(service, id, signal)));
    return { reports };
  };
}

/** What stands in the way of a look is part of what was found. */
async function lookAt(service: SandboxService, providerId: string, signal: AbortSignal): Promise<Report> {
  const beganAtMs = service.now();
  using deadline = new WorkDeadline(signal, LOOK_TIMEOUT_MS);
  try {
    return await reportOf(service, providerId, deadline.signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const { code, message, suggestion } = toErrorPayload(deadline.explain(error));
    const check = {
      name: 'configuration',
      status: 'failed' as const,
      message: `${code}: ${message}`,
      remedy: suggestion ?? 'Try the provider to see more.',
    };
    const checkedAtMs = service.now();
    return {
      providerId,
      status: 'unhealthy',
      isolation: null,
      checks: [check],
      checkedAtMs,
      durationMs: Math.max(0, checkedAtMs - beganAtMs),
    };
  }
}

async function reportOf({ settings, providers, guard, onFault }: SandboxService, providerId: string, signal: AbortSignal): Promise<Report> {
  const definition = providers.find(({ id }) => id === providerId);
  if (definition === undefined) {
    throw new SandboxError('PROVIDER_UNKNOWN', `This program does not carry the provider "${providerId}".`, {
      suggestion: 'Look at it where it is carried.',
    });
  }
  const { config } = await settings.openConfiguration(providerId, null, { signal });
  await guard.checkAddresses(definition, config, { signal });
  const scrub = scrubberOf(definition, config);
  const provider = createProvider(definition, config);
  try {
    return toReport(await provider.checkHealth({ signal }), scrub);
  } catch (error) {
    throw withoutSecrets(error, scrub);
  } finally {
    await closeProvider(provider).catch(onFault);
  }
}

function toReport({ providerId, status, isolation, checks, checkedAt, durationMs }: HealthReport, scrub: (text: string) => string): Report {
  return {
    providerId,
    status,
    isolation: isolation?.kind ?? null,
    checks: checks.map(({ name, status: outcome, message, remedy }) => ({
      name,
      status: outcome,
      message: scrub(message),
      ...(remedy === undefined ? {} : { remedy: scrub(remedy) }),
    })),
    checkedAtMs: Math.floor(Date.parse(checkedAt)),
    durationMs,
  };
}
