import {
  FALLBACK_SETTING,
  passportSetting,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  VERSION_SETTING,
  type ActiveVersion,
  type Passport,
  type ProviderDefinition,
  type SandboxPolicy,
} from '@sandport/core';
import type { RowTexts } from './configuration-reader.ts';
import { nothingChosen, nothingConfigured, unknownProvider } from './row-errors.ts';
import { parseFallbackText, parsePassportText, parsePolicyText, parseVersionText } from './row-text.ts';
import type { StoredProvider } from './stored-provider.ts';
import type { StoredProviders } from './stored-providers.ts';

/** What the rows of one moment are understood with. */
export interface SnapshotContext {
  readonly definitions: ReadonlyMap<string, ProviderDefinition>;
  readonly storedProviders: StoredProviders;
  /** The recorded version that the client was told to stay with. */
  readonly pinnedVersion: number | undefined;
}

/**
 * The stored configuration of one moment; it never changes. Each part is looked at when it is first asked for, and throws whenever it is asked for while its row is
 * broken: a configuration that could be read and makes no sense is never made up for.
 */
export class ConfigurationSnapshot {
  readonly #texts: RowTexts;
  readonly #context: SnapshotContext;
  readonly #providers: ReadonlyMap<string, StoredProvider>;
  readonly #version: () => ActiveVersion | undefined;
  readonly #policy: () => SandboxPolicy | undefined;
  readonly #fallback: () => readonly string[] | undefined;
  readonly #passports = new Map<string, Passport | undefined>();

  constructor(texts: RowTexts, context: SnapshotContext) {
    this.#texts = texts;
    this.#context = context;
    this.#providers = storedProvidersOf(texts, context);
    this.#version = remembered(() => versionOf(texts.get(VERSION_SETTING), context.pinnedVersion));
    this.#policy = remembered(() => parsed(texts.get(POLICY_SETTING), parsePolicyText));
    this.#fallback = remembered(() => parsed(texts.get(FALLBACK_SETTING), parseFallbackText));
  }

  /** The recorded version in use; `undefined` when none was recorded. @throws SandboxError `CONFIG_INVALID` naming the row. */
  get version(): ActiveVersion | undefined {
    return this.#version();
  }

  /** What configurations and calls must keep to; `undefined` when nothing is demanded. @throws SandboxError `CONFIG_INVALID` naming the row. */
  get policy(): SandboxPolicy | undefined {
    return this.#policy();
  }

  /** Whether calls may go to another provider than the chosen one. @throws SandboxError `CONFIG_INVALID` naming the row. */
  get hasFallback(): boolean {
    return this.#fallback() !== undefined;
  }

  /** The id that the provider row holds, carried or not. @throws SandboxError `CONFIG_MISSING` */
  get chosenId(): string {
    const id = this.#texts.get(PROVIDER_TYPE_SETTING) ?? '';
    if (id === '') throw nothingChosen([...this.#context.definitions.keys()]);
    return id;
  }

  /** The chosen provider and then those that may stand in for it, each once. @throws SandboxError `CONFIG_MISSING`, `CONFIG_INVALID` */
  get candidateIds(): readonly string[] {
    return [...new Set([this.chosenId, ...(this.#fallback() ?? [])])];
  }

  /** A provider with its row. @throws SandboxError `PROVIDER_UNKNOWN`, `CONFIG_MISSING` */
  provider(id: string): StoredProvider {
    const stored = this.#providers.get(id);
    if (stored !== undefined) return stored;
    const namedBy = id === this.chosenId ? PROVIDER_TYPE_SETTING : FALLBACK_SETTING;
    if (!this.#context.definitions.has(id)) throw unknownProvider(id, namedBy, [...this.#context.definitions.keys()]);
    throw nothingConfigured(id, namedBy);
  }

  /** The newest proof that a provider was tried; `undefined` also for a row that cannot be read. */
  passport(providerId: string): Passport | undefined {
    if (!this.#passports.has(providerId)) {
      const text = this.#texts.get(passportSetting(providerId));
      this.#passports.set(providerId, text === undefined ? undefined : parsePassportText(providerId, text));
    }
    return this.#passports.get(providerId);
  }
}

function storedProvidersOf(texts: RowTexts, { definitions, storedProviders }: SnapshotContext): ReadonlyMap<string, StoredProvider> {
  const stored = new Map<string, StoredProvider>();
  for (const definition of definitions.values()) {
    const text = texts.get(providerConfigSetting(definition.id));
    if (text !== undefined) stored.set(definition.id, storedProviders.of(definition, text));
  }
  return stored;
}

/** A pinned version is what its number says; what the row in use says of an override counts only when it is about that very version. */
function versionOf(text: string | undefined, pinnedVersion: number | undefined): ActiveVersion | undefined {
  if (pinnedVersion === undefined) return parsed(text, parseVersionText);
  const active = parsed(text, parseVersionText);
  return active?.number === pinnedVersion ? active : { number: pinnedVersion };
}

function parsed<Value>(text: string | undefined, parse: (text: string) => Value): Value | undefined {
  return text === undefined ? undefined : parse(text);
}

/** Computes once. What throws is computed anew, and throws again. */
function remembered<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
