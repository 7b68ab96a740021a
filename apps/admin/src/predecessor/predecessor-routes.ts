import { describeConfig, type ConfigFieldDescription, type ProviderDefinition } from '@sandport/core';
import type { ActiveConfiguration } from '@sandport/settings';
import { checkFields } from '../configurations/check-fields.ts';
import type { AnswerOf, CheckedBodyOf } from '@sandport/admin-api';
import type { Caller, Handlers } from '../server/handler.ts';
import { carriedDefinition, definitionAt } from '../service/caller-faults.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { envelope } from './envelope.ts';
import { givenConfiguration } from './given-configuration.ts';
import { faultsOfRequest } from './predecessor-faults.ts';
import { testConfig } from './test-config.ts';

type PredecessorRouteName = 'listProviders' | 'readProviderSchema' | 'readConfig' | 'writeConfig' | 'testConfig';

/** Why, as the history says it: the predecessor's page gives no reason. */
const REASON = "through the predecessor's API";

/** The five routes of the predecessor, for its page and for scripts that were written for it. */
export function predecessorHandlers(service: SandboxService): Handlers<PredecessorRouteName> {
  const { providers, settings } = service;
  return {
    listProviders: async () =>
      envelope(providers.map(({ id, displayName, description, tags }) => ({ id, name: displayName, description, tags: [...tags] }))),
    readProviderSchema: async ({ params }) => {
      const { configSchema } = definitionAt(providers, String(params.provider));
      return envelope(Object.fromEntries(describeConfig(configSchema).map((field) => [field.name, listedField(field)])));
    },
    readConfig: async ({ signal }) => envelope(shownConfig(await settings.configurations.active({ signal }))),
    writeConfig: async ({ body, caller, signal }) => {
      const definition = carriedDefinition(providers, body.provider_type, 'provider_type');
      const written = await faultsOfRequest(write(service, definition, { body, caller, signal }));
      return envelope(written, 'Sandbox configuration updated successfully');
    },
    testConfig: async (call) => {
      const definition = carriedDefinition(providers, call.body.provider_type, 'provider_type');
      return envelope(await faultsOfRequest(testConfig(service, definition, call)));
    },
  };
}

interface WriteCall {
  readonly body: CheckedBodyOf<'writeConfig'>;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** One version in one transaction. What another program wrote since is recorded first, so that there is no conflict with what the caller could not see. */
async function write(
  { settings: { configurations } }: SandboxService,
  definition: ProviderDefinition,
  { body, caller, signal }: WriteCall,
): Promise<ReturnType<typeof shownConfig>> {
  const base = await configurations.recordForeignChanges({ signal });
  const active = await configurations.active({ signal });
  const whole = givenConfiguration(
    definition,
    body.config,
    active.providers.find(({ id }) => id === definition.id),
  );
  checkFields(definition, whole);
  const change = { providers: { [definition.id]: whole }, ...(body.set_active ? { providerType: definition.id } : {}) };
  await configurations.change(change, { author: caller.name, reason: REASON, base, signal });
  return shownConfig(await configurations.active({ signal }), definition.id);
}

/** What may be shown of a provider's configuration: everything but its secrets. */
function shownConfig({ providerType, providers }: ActiveConfiguration, id = providerType) {
  return { provider_type: id, config: { ...providers.find((each) => each.id === id)?.fields } };
}

function listedField(field: ConfigFieldDescription): NonNullable<AnswerOf<'readProviderSchema'>['data']>[string] {
  const { type, required, label, help, secret, scope, default: byDefault, options, min, max, placeholder } = field;
  return {
    type,
    required,
    label,
    description: help,
    secret,
    scope,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(options === undefined ? {} : { options: [...options] }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(placeholder === undefined ? {} : { placeholder }),
  };
}
