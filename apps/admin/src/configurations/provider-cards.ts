import type { ProviderCard } from '@sandport/admin-api';
import { providerConfigSetting, type ProviderDefinition } from '@sandport/core';
import type { ActiveConfiguration, DraftView, ProviderProof } from '@sandport/settings';
import type { SandboxService } from '../service/sandbox-service.ts';
import { summaryOf } from './passport-summary.ts';

/** What the cards are made of, and the configuration that they tell of. */
export interface CardSources {
  readonly active: ActiveConfiguration;
  /** Of the rows in use. */
  readonly proofs: readonly ProviderProof[];
  readonly drafts: readonly DraftView[];
}

/** Reads what cards are made of. */
export async function readCardSources({ settings: { configurations } }: SandboxService, signal: AbortSignal): Promise<CardSources> {
  const [active, proofs, drafts] = await Promise.all([
    configurations.active({ signal }),
    configurations.proofs(null, { signal }),
    configurations.drafts({ signal }),
  ]);
  return { active, proofs, drafts };
}

/** A card for each provider that is carried, and behind them one for each that is stored and is not. */
export function providerCards(providers: readonly ProviderDefinition[], sources: CardSources): ProviderCard[] {
  const foreign = sources.active.providers.map(({ id }) => id).filter((id) => !providers.some((each) => each.id === id));
  return [...providers.map(({ id }) => id), ...foreign].map((id) => providerCard(providers, id, sources));
}

/** The card of one provider, carried or not. */
export function providerCard(providers: readonly ProviderDefinition[], id: string, { active, proofs, drafts }: CardSources): ProviderCard {
  const definition = providers.find((each) => each.id === id);
  const view = active.providers.find((each) => each.id === id);
  const place = active.fallback.indexOf(id);
  const row = providerConfigSetting(id);
  return {
    id,
    displayName: definition?.displayName ?? id,
    description: definition?.description ?? 'This program does not carry the provider.',
    tags: [...(definition?.tags ?? [])],
    languages: [...(definition?.languages ?? [])],
    isActive: active.providerType === id,
    fallbackPlace: place === -1 ? null : place + 1,
    isConfigured: view !== undefined,
    isCarried: definition !== undefined,
    problem: view?.problem ?? null,
    passport: summaryOf(proofs.find(({ providerId }) => providerId === id)?.passport ?? null),
    draft: drafts.find(({ rows }) => rows.includes(row))?.record.number ?? null,
  };
}
