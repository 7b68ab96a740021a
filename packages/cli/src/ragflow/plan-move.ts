import { translateRagflowRows, type ActiveConfiguration, type ConfigurationChange, type LeftOut } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import type { RagflowSource } from './ragflow-source.ts';

/** A provider's configuration that is carried over. */
export interface CarriedProvider {
  readonly providerId: string;
  /** Names of the fields, without their values. */
  readonly fields: readonly string[];
  /** Those of them that are sealed. */
  readonly secretFields: readonly string[];
  /** Whether this command carries the provider, so that it can be tried and chosen here. */
  readonly isCarried: boolean;
  /** Whether another configuration is stored here in its place. */
  readonly replaces: boolean;
}

/** What would be carried over, and what not. */
export interface RagflowMove {
  readonly from: string;
  readonly carried: readonly CarriedProvider[];
  readonly leftBehind: readonly LeftOut[];
  /** The provider that RAGFlow uses, if its configuration is carried over. */
  readonly providerType: string | null;
  readonly change: ConfigurationChange;
}

/** Works out what of RAGFlow's rows goes into which rows here. */
export function planMove(
  { providers: definitions }: CliContext,
  { location, rows }: RagflowSource,
  active: ActiveConfiguration | undefined,
): RagflowMove {
  const { providerType, providers, leftOut } = translateRagflowRows(rows);
  const isCarriedHere = (id: string): boolean => definitions.some((definition) => definition.id === id);
  const carried = [...providers].map(([providerId, { config, secretFields }]): CarriedProvider => ({
    providerId,
    fields: Object.keys(config),
    secretFields,
    isCarried: isCarriedHere(providerId),
    replaces: active?.providers.some(({ id }) => id === providerId) === true,
  }));
  const change = {
    providers: Object.fromEntries(
      // What is secret of a provider that is carried here, its own schema says.
      [...providers].map(([id, { config, secretFields }]) => [id, isCarriedHere(id) ? { config } : { config, secretFields }]),
    ),
  };
  return { from: location, carried, leftBehind: leftOut, providerType: providerType ?? null, change };
}
