import {
  FALLBACK_SETTING,
  parseProviderConfig,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  providerOfSetting,
  SandboxError,
  type IssueDescription,
  type SandboxErrorCode,
} from '@sandport/core';
import type { KeyRing } from '../secrets/key-ring.ts';
import { openSealedConfig, plainSecretsOf } from '../secrets/sealed-config.ts';
import type { ConfigurationDocument } from './configuration-document.ts';
import { readFallback, readPolicy, readProviderType } from './document-reading.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { readProviderRow } from './provider-row.ts';

/** What was found in a document. */
export interface ConfigurationFinding {
  readonly row: string;
  /** Dotted path of the field; `null` when it is the whole row. */
  readonly field: string | null;
  /** An `error` must be mended before the row is used; a `warning` is worth knowing. */
  readonly kind: 'error' | 'warning';
  /** One or two sentences, without values. */
  readonly message: string;
}

/** A finding, and what it takes to refuse a change because of it. */
export interface DocumentFinding extends ConfigurationFinding {
  readonly code: SandboxErrorCode;
  readonly suggestion: string;
  /** Rows whose change brings the finding about. */
  readonly causes: readonly string[];
}

/** Everything that is wrong with a document, or worth knowing. Nothing in it makes this throw. */
export function findFindings(document: ConfigurationDocument, catalog: ProviderCatalog, keyRing: KeyRing | undefined): DocumentFinding[] {
  const providerIds = [...document.keys()].flatMap((row) => providerOfSetting(row) ?? []).toSorted();
  return [
    ...findInProviderType(document, catalog),
    ...providerIds.flatMap((id) =>
      findInProvider(document, catalog, keyRing, id).map((finding) => ({
        ...finding,
        causes: [...finding.causes, ...choicesOf(document, id)],
      })),
    ),
    ...findInPolicy(document),
    ...findInFallback(document, catalog),
  ];
}

function findInProviderType(document: ConfigurationDocument, catalog: ProviderCatalog): DocumentFinding[] {
  const { value: id, problem } = readProviderType(document);
  const row = PROVIDER_TYPE_SETTING;
  if (problem !== undefined) return [errorIn(row, problem, 'Choose a provider.')];
  if (id === undefined) return [warningIn(row, 'No provider is chosen.')];
  const causes = [row, providerConfigSetting(id)];
  if (catalog.find(id) === undefined) {
    const choice =
      catalog.ids.length === 0 ? 'Hand the definitions of the providers to `openSettings`.' : `Choose one of: ${catalog.ids.join(', ')}.`;
    return [
      {
        ...errorIn(row, { field: row, message: `names "${id}", which this program does not carry` }, choice),
        code: 'PROVIDER_UNKNOWN',
        causes,
      },
    ];
  }
  if (document.has(providerConfigSetting(id))) return [];
  return [{ ...errorIn(row, { field: row, message: `names "${id}", which is not configured` }, `Configure "${id}", too.`), causes }];
}

function findInProvider(
  document: ConfigurationDocument,
  catalog: ProviderCatalog,
  keyRing: KeyRing | undefined,
  id: string,
): DocumentFinding[] {
  const row = providerConfigSetting(id);
  const { config, problem, clearSecrets } = readProviderRow(catalog, id, document.get(row) ?? '');
  const definition = catalog.find(id);
  if (definition === undefined)
    return [warningIn(row, `This program does not carry the provider "${id}", so its configuration was not checked.`)];
  if (config === undefined) return [errorIn(row, { field: row, message: problem ?? 'cannot be read' }, 'Store the row anew.')];
  const warnings = plainSecretsOf(clearSecrets, Object.keys(clearSecrets)).map((field) =>
    warningIn(row, `The secret field "${field}" of the row "${row}" stands in the clear; have it sealed.`, field),
  );
  try {
    parseProviderConfig(definition, openSealedConfig({ row, config, keyRing }));
    return warnings;
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    return [...warnings, refusalIn(row, error)];
  }
}

/** Rows by which a provider is used: what is wrong with it also speaks against choosing it. */
function choicesOf(document: ConfigurationDocument, id: string): string[] {
  return [
    ...(readProviderType(document).value === id ? [PROVIDER_TYPE_SETTING] : []),
    ...(readFallback(document).value?.includes(id) === true ? [FALLBACK_SETTING] : []),
  ];
}

function findInPolicy(document: ConfigurationDocument): DocumentFinding[] {
  const { problem } = readPolicy(document);
  return problem === undefined
    ? []
    : [errorIn(POLICY_SETTING, problem, 'Correct the policy, or update Sandport if a newer version wrote it.')];
}

function findInFallback(document: ConfigurationDocument, catalog: ProviderCatalog): DocumentFinding[] {
  const { value: ids = [], problem } = readFallback(document);
  const row = FALLBACK_SETTING;
  if (problem !== undefined) return [errorIn(row, problem, 'Correct the list of providers.')];
  const chosen = readProviderType(document).value;
  return ids.flatMap((id, index): DocumentFinding[] => {
    const causes = [row, PROVIDER_TYPE_SETTING, providerConfigSetting(id)];
    const wrong = (message: string): DocumentFinding[] => [
      { ...errorIn(row, { field: String(index), message: `names "${id}", ${message}` }, 'Correct the list of providers.'), causes },
    ];
    if (ids.indexOf(id) < index) return wrong('which it has named already');
    if (id === chosen) return wrong('which is the chosen provider itself');
    if (!document.has(providerConfigSetting(id))) return wrong('which is not configured');
    return catalog.find(id) === undefined ? [warningIn(row, `This program does not carry the provider "${id}".`, String(index))] : [];
  });
}

function errorIn(row: string, { field, message }: IssueDescription, suggestion: string): DocumentFinding {
  const place = field === row ? `The row "${row}"` : `The row "${row}": ${field}`;
  return {
    row,
    field: field === row ? null : field,
    kind: 'error',
    message: `${place} ${message}.`,
    code: 'CONFIG_INVALID',
    suggestion,
    causes: [row],
  };
}

function warningIn(row: string, message: string, field: string | null = null): DocumentFinding {
  return { row, field, kind: 'warning', message, code: 'CONFIG_INVALID', suggestion: '', causes: [] };
}

/** The schema's own error goes no further: what a definition lets it say is not known here. */
function refusalIn(row: string, { code, message, suggestion = '', details }: SandboxError): DocumentFinding {
  const field = details?.['field'];
  // What cannot be opened is told with its row, what breaks a schema is not.
  const place = code === 'SECRET_UNREADABLE' ? message : `The row "${row}": ${message}`;
  return { row, field: typeof field === 'string' ? field : null, kind: 'error', message: place, code, suggestion, causes: [row] };
}
