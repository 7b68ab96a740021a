import type { CheckedBodyOf } from '@sandport/admin-api';
import type { ConfigurationChange, ProviderChange } from '@sandport/settings';
import type { Handlers } from '../server/handler.ts';
import { carriedDefinition, namedByCaller, versionNumberOf } from '../service/caller-faults.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { checkFields } from './check-fields.ts';
import { withDeploymentFields } from './deployment-fields.ts';

type GivenChange = CheckedBodyOf<'createDraft'>['change'];

/** Drafts: changes that are written down and not used. */
export function draftHandlers(service: SandboxService): Handlers<'createDraft' | 'discardDraft'> {
  const { configurations } = service.settings;
  return {
    createDraft: async ({ body: { change, reason, base, replaces }, caller, signal }) => {
      const checked = await checkedChange(service, change, signal);
      const options = { author: caller.name, reason, base, replaces, signal };
      const version = await namedByCaller(configurations.draft(checked, options), 'replaces');
      return { version, findings: [...(await configurations.validate(version, { signal }))] };
    },
    discardDraft: async ({ params, body: { reason }, caller, signal }) => {
      const options = { author: caller.name, signal, ...(reason === undefined ? {} : { reason }) };
      await configurations.discard(versionNumberOf(params.version), options);
      return undefined;
    },
  };
}

async function checkedChange(
  service: SandboxService,
  { providerType, providers, policy, fallback }: GivenChange,
  signal: AbortSignal,
): Promise<ConfigurationChange> {
  return {
    ...(providerType === undefined ? {} : { providerType }),
    ...(policy === undefined ? {} : { policy }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(providers === undefined ? {} : { providers: await checkedProviders(service, providers, signal) }),
  };
}

async function checkedProviders(
  { settings, providers }: SandboxService,
  given: NonNullable<GivenChange['providers']>,
  signal: AbortSignal,
): Promise<Record<string, ProviderChange | null>> {
  const active = await settings.configurations.active({ signal });
  const changes = Object.entries(given).map(([id, change]): [string, ProviderChange | null] => {
    const definition = carriedDefinition(providers, id, `change.providers.${id}`);
    if (change === null) return [id, null];
    const whole = withDeploymentFields(
      definition,
      change,
      active.providers.find((each) => each.id === id),
    );
    checkFields(definition, whole);
    return [id, whole];
  });
  return Object.fromEntries(changes);
}
