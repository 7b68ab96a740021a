import {
  PROVIDER_TYPE_SETTING,
  POLICY_SETTING,
  FALLBACK_SETTING,
  providerConfigSetting,
  providerOfSetting,
  SandboxError,
  type IssueDescription,
  type JsonObject,
  type SandboxPolicy,
} from '@sandport/core';
import { plainSecretsOf } from '../secrets/sealed-config.ts';
import { sealedFieldsOf } from '../secrets/sealed-member.ts';
import type { ConfigurationDocument } from './configuration-document.ts';
import { readFallback, readPolicy, readProviderType } from './document-reading.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { readProviderRow } from './provider-row.ts';
import type { RecordedDocument } from './recorded-document.ts';

/** One provider's configuration, without secrets. */
export interface ProviderView {
  readonly id: string;
  /** Whether this program carries the provider. Of one that it does not carry no field is shown, since nobody here knows which are secret. */
  readonly isKnown: boolean;
  /** The stored fields that are not secret. */
  readonly fields: JsonObject;
  /** The secret fields that are set, and whether they are encrypted. */
  readonly secrets: Readonly<Record<string, 'sealed' | 'clear'>>;
  /** What is wrong with the row; `null` when nothing is. Whether it breaks its schema is for `validate` to say. */
  readonly problem: string | null;
}

/** A configuration, without secrets. */
export interface ConfigurationView {
  readonly providerType: string | null;
  /** By id. */
  readonly providers: readonly ProviderView[];
  readonly policy: SandboxPolicy | null;
  readonly fallback: readonly string[];
  /** What is wrong with the rows that are no provider's. */
  readonly problems: readonly { readonly row: string; readonly message: string }[];
}

/** What may be shown of a document. Never throws for what a document may hold. */
export function viewDocument({ rows, unreadable }: RecordedDocument, catalog: ProviderCatalog): ConfigurationView {
  const providerType = readProviderType(rows);
  const policy = readPolicy(rows);
  const fallback = readFallback(rows);
  const names = [...rows.keys(), ...unreadable.keys()];
  const ids = names.flatMap((name) => providerOfSetting(name) ?? []).toSorted();
  return {
    providerType: providerType.value ?? null,
    providers: ids.map((id) => viewProvider(rows, unreadable, catalog, id)),
    policy: policy.value ?? null,
    fallback: fallback.value ?? [],
    problems: [
      ...[...unreadable].filter(([row]) => providerOfSetting(row) === undefined).map(([row, { message }]) => ({ row, message })),
      ...problemOf(PROVIDER_TYPE_SETTING, providerType.problem),
      ...problemOf(POLICY_SETTING, policy.problem),
      ...problemOf(FALLBACK_SETTING, fallback.problem),
    ],
  };
}

function viewProvider(
  rows: ConfigurationDocument,
  unreadable: RecordedDocument['unreadable'],
  catalog: ProviderCatalog,
  id: string,
): ProviderView {
  const row = providerConfigSetting(id);
  const obstacle = unreadable.get(row);
  const isKnown = catalog.find(id) !== undefined;
  if (obstacle !== undefined) return { id, isKnown, fields: {}, secrets: {}, problem: obstacle.message };
  const { config, problem, plain, clearSecrets, unknown } = readProviderRow(catalog, id, rows.get(row) ?? '');
  if (config === undefined) return { id, isKnown, fields: {}, secrets: {}, problem: `The row "${row}" ${problem}.` };
  const { sealed, sealProblem } = sealedFields(row, config);
  const secrets = [
    ...plainSecretsOf(clearSecrets, Object.keys(clearSecrets)).map((field) => [field, 'clear'] as const),
    ...sealed.map((field) => [field, 'sealed'] as const),
  ];
  return {
    id,
    isKnown,
    fields: plain,
    secrets: Object.fromEntries(secrets),
    problem: sealProblem ?? unknownFieldsOf(row, isKnown, unknown),
  };
}

function sealedFields(row: string, config: JsonObject): { readonly sealed: readonly string[]; readonly sealProblem?: string } {
  try {
    return { sealed: sealedFieldsOf({ row, config }) };
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    return { sealed: [], sealProblem: error.message };
  }
}

/** A field that nobody knows may be a secret with a slip in its name: its name is told, its value is not. */
function unknownFieldsOf(row: string, isKnown: boolean, unknown: JsonObject): string | null {
  const names = Object.keys(unknown);
  if (!isKnown || names.length === 0) return null;
  const shown = names.slice(0, 8).map((name) => name.slice(0, 64));
  return `The row "${row}" has fields that are not known: ${shown.join(', ')}${names.length > shown.length ? ', …' : ''}.`;
}

function problemOf(row: string, problem: IssueDescription | undefined): { row: string; message: string }[] {
  if (problem === undefined) return [];
  return [{ row, message: `The row "${row}"${problem.field === row ? '' : `: ${problem.field}`} ${problem.message}.` }];
}
