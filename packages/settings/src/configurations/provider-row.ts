import { SEALED_MEMBER, type JsonObject, type JsonValue } from '@sandport/core';
import type { ProviderCatalog } from './provider-catalog.ts';
import { readRowObject } from './row-json.ts';

/** A provider's row, taken apart by what may be shown of it. */
export interface ProviderRow {
  readonly providerId: string;
  /** Whether its definition is carried. Without it nobody knows which fields are secret, so none is `plain`. */
  readonly isKnown: boolean;
  /** Everything, sealed secrets as they are stored; `undefined` when the text is broken. */
  readonly config: JsonObject | undefined;
  /** Why the text cannot be read, as the end of a sentence. */
  readonly problem: string | undefined;
  /** Fields that the schema knows and does not mark as secret. */
  readonly plain: JsonObject;
  /** Secret fields that stand in the clear. */
  readonly clearSecrets: JsonObject;
  /** Fields that nobody here knows. They may be secrets: a slip in a name, another program's name, another provider's. */
  readonly unknown: JsonObject;
}

/** Takes the text of a provider's row apart. Never throws for what a text may hold. */
export function readProviderRow(catalog: ProviderCatalog, providerId: string, text: string): ProviderRow {
  const { config, problem } = readRowObject(text);
  const known = catalog.fieldsOf(providerId);
  const fields = Object.entries(config ?? {}).filter(([name]) => name !== SEALED_MEMBER);
  const pick = (chosen: (name: string) => boolean): JsonObject =>
    Object.fromEntries(fields.filter(([name]): boolean => chosen(name)).map(([name, value]): [string, JsonValue] => [name, value]));
  return {
    providerId,
    isKnown: known !== undefined,
    config,
    problem,
    plain: pick((name) => known?.plain.has(name) === true),
    clearSecrets: pick((name) => known?.secret.has(name) === true),
    unknown: pick((name) => known?.plain.has(name) !== true && known?.secret.has(name) !== true),
  };
}
