import type { ConfigField, ProviderDescription } from '@sandport/admin-api';
import { describeConfig, SandboxError, type ConfigFieldDescription, type JsonObject, type ProviderDefinition } from '@sandport/core';
import { z } from 'zod';
import type { Handler } from '../server/handler.ts';
import { definitionAt, namedByCaller } from '../service/caller-faults.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { providerCard, readCardSources } from './provider-cards.ts';
import { storedOf } from './stored-view.ts';

/** Everything that a form needs of a provider. */
export function describeProvider(service: SandboxService): Handler<'describeProvider'> {
  const forms = new Map(service.providers.map((definition) => [definition.id, formOf(definition)]));
  return async ({ params, query, signal }): Promise<ProviderDescription> => {
    const id = String(params.provider);
    const sources = await readCardSources(service, signal);
    const { active } = sources;
    const asked = query.version;
    const view =
      asked === undefined || asked === active.version
        ? active
        : await namedByCaller(service.settings.configurations.version(asked, { signal }), 'version');
    const stored = view.providers.find((each) => each.id === id);
    const form = forms.get(id);
    // One that is only stored can be seen, too.
    if (stored === undefined) definitionAt(service.providers, id);
    return {
      card: providerCard(service.providers, id, sources),
      ...(form ?? { fields: [], schema: {} }),
      version: asked ?? active.version,
      stored: stored === undefined ? null : storedOf(stored),
    };
  };
}

function formOf(definition: ProviderDefinition): Pick<ProviderDescription, 'fields' | 'schema'> {
  const fields = describeConfig(definition.configSchema);
  return { fields: fields.map(toField), schema: schemaOf(definition, fields) };
}

function toField(field: ConfigFieldDescription): ConfigField {
  const { name, label, help, type, unit, required, secret, scope, default: byDefault, options, min, max, placeholder } = field;
  return {
    name,
    label,
    help,
    type,
    unit: unit ?? null,
    required,
    secret,
    scope,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(options === undefined ? {} : { options: [...options] }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(placeholder === undefined ? {} : { placeholder }),
  };
}

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.record(z.string(), z.json())),
  required: z.array(z.string()).default([]),
});

/** A secret that is kept and a field that nobody may change here are not sent: their absence is no mistake. */
function schemaOf({ id, configSchema }: ProviderDefinition, fields: readonly ConfigFieldDescription[]): JsonObject {
  const parsed = objectSchema.safeParse(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }));
  if (!parsed.success) {
    throw new SandboxError('INTERNAL', `The configuration schema of "${id}" cannot be described.`, { providerId: id, cause: parsed.error });
  }
  const { properties, required, ...rest } = parsed.data;
  const optional = new Set(fields.filter(({ secret, scope }) => secret || scope === 'deployment').map(({ name }) => name));
  const titled = fields.map(({ name, label, help }) => [name, { ...properties[name], title: label, description: help }] as const);
  const schema = { ...rest, properties: Object.fromEntries(titled), required: required.filter((name) => !optional.has(name)) };
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}
