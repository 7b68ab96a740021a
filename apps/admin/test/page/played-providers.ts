import { describeConfig, type ProviderDefinition } from '@sandport/core';
import type { ConfigField, ProviderCard, ProviderDescription } from '@sandport/admin-api';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { dockerProvider } from '@sandport/provider-docker';
import { e2bProvider } from '@sandport/provider-e2b';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { wasmProvider } from '@sandport/provider-wasm';
import { z } from 'zod';

/** A moment that every played answer counts from. */
export const PLAYED_NOW_MS = Date.now();

/** The providers of the house. */
export const definitions: readonly ProviderDefinition[] = [wasmProvider, dockerProvider, selfManagedProvider, aliyunProvider, e2bProvider];

type Stored = NonNullable<ProviderDescription['stored']>;

/** What is stored of some of them in the version in use. */
export const storedInUse: Readonly<Record<string, Stored>> = {
  docker: {
    config: { memoryBytes: 536_870_912, profile: 'data', preload: ['numpy', 'pandas'], maxContainers: 12 },
    secrets: {},
    problem: null,
  },
  wasm: { config: {}, secrets: {}, problem: null },
  e2b: {
    config: { service: 'custom', domain: 'sandboxes.example', metadata: { team: 'agents' } },
    secrets: { apiKey: 'sealed', proxy: 'clear' },
    problem: null,
  },
  self_managed: {
    config: { endpoint: 'ftp://executor.example' },
    secrets: { token: 'sealed' },
    problem: 'The row "sandbox.self_managed" is not valid: "endpoint" must be an address that begins with http:// or https://.',
  },
};

/** What a draft has of Docker. */
export const storedInDraft: Readonly<Record<string, Stored>> = {
  ...storedInUse,
  docker: {
    config: { memoryBytes: 1_073_741_824, profile: 'data', preload: ['numpy', 'pandas'], isolation: 'runc' },
    secrets: { tlsKey: 'sealed' },
    problem: null,
  },
};

const units = { Ms: 'ms', Bytes: 'bytes', Hours: 'hours' } as const;

function unitOf(name: string): ConfigField['unit'] {
  const ending = Object.entries(units).find(([end]) => name.endsWith(end));
  return ending?.[1] ?? null;
}

/** The card of a provider. */
export function cardOf(definition: ProviderDefinition): ProviderCard {
  const { id, displayName, description, tags, languages } = definition;
  const stored = storedInUse[id];
  const passport = { madeAtMs: PLAYED_NOW_MS - 7_200_000, durationMs: 8_400, languages: ['python', 'javascript'] as const };
  const passports: Readonly<Record<string, ProviderCard['passport']>> = {
    docker: {
      ...passport,
      languages: [...passport.languages],
      passed: true,
      isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log' },
    },
    e2b: { ...passport, languages: [], passed: false, isolation: null, madeAtMs: PLAYED_NOW_MS - 400_000_000 },
  };
  return {
    id,
    displayName,
    description,
    tags: [...tags],
    languages: [...languages],
    isActive: id === 'docker',
    fallbackPlace: id === 'wasm' ? 1 : null,
    isConfigured: stored !== undefined,
    isCarried: true,
    problem: stored?.problem ?? null,
    passport: passports[id] ?? null,
    draft: id === 'docker' ? 13 : null,
  };
}

/** Everything that a form needs of a provider. */
export function describe(definition: ProviderDefinition, version: number): ProviderDescription {
  const fields = describeConfig(definition.configSchema).map((field): ConfigField => {
    const { options, min, max, placeholder, default: byDefault, ...rest } = field;
    return {
      ...rest,
      unit: unitOf(field.name),
      ...(options === undefined ? {} : { options: [...options] }),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(placeholder === undefined ? {} : { placeholder }),
      ...(byDefault === undefined ? {} : { default: byDefault }),
    };
  });
  const schema = z.toJSONSchema(definition.configSchema, { io: 'input', unrepresentable: 'any' });
  return {
    card: cardOf(definition),
    fields,
    schema: JSON.parse(JSON.stringify(schema)) as ProviderDescription['schema'],
    version,
    stored: (version === 13 ? storedInDraft : storedInUse)[definition.id] ?? null,
  };
}
