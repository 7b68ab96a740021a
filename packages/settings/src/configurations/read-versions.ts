import {
  passportSetting,
  policyOverrideSchema,
  VERSION_SETTING,
  type ActiveVersion,
  type PolicyOverride,
  type Setting,
  type SettingsCallOptions,
} from '@sandport/core';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { ConfigurationBooks } from './configuration-books.ts';
import { dataTypeOf } from './configuration-document.ts';
import { viewDocument, type ConfigurationView } from './configuration-view.ts';
import { diffDocuments, type ConfigurationDifference } from './document-diff.ts';
import { findFindings, type ConfigurationFinding } from './document-findings.ts';
import { providersUsedBy } from './document-reading.ts';
import { passportOf } from './passport-of.ts';
import { decodeDocument, type RecordedDocument } from './recorded-document.ts';
import { ACTIVATING_ACTIONS, findAudit } from './rows/audit-rows.ts';
import { SETTING_SOURCE } from './rows/setting-rows.ts';
import { getVersion, type VersionRecord } from './rows/version-rows.ts';

/** What there was before the first version. */
const NOTHING: RecordedDocument = { rows: new Map(), unreadable: new Map() };

/** A version, without secrets. */
export interface VersionView extends ConfigurationView {
  readonly version: number;
  readonly record: VersionRecord;
  /** That the policy was set aside for this version; `null` when it was not, or it was never in use. */
  readonly override: PolicyOverride | null;
}

/** @throws SandboxError `CONFIG_MISSING` */
export async function readVersionView(books: ConfigurationBooks, version: number, { signal }: SettingsCallOptions): Promise<VersionView> {
  const call = { operation: 'readVersion', signal };
  const keyRing = await books.keyRing(call);
  const { record, document, override } = await books.read(call, async (tables) => ({
    ...(await getVersion(tables, version)),
    override: await findOverride(tables, version),
  }));
  return { version, record, override: override ?? null, ...viewDocument(decodeDocument(version, document, keyRing), books.catalog) };
}

/** @throws SandboxError `CONFIG_MISSING` */
export async function readDifferences(
  books: ConfigurationBooks,
  from: number | null,
  to: number,
  { signal }: SettingsCallOptions,
): Promise<readonly ConfigurationDifference[]> {
  const call = { operation: 'compareVersions', signal };
  const keyRing = await books.keyRing(call);
  const [before, after] = await books.read(call, async (tables): Promise<[RecordedDocument, RecordedDocument]> => [
    from === null ? NOTHING : decodeDocument(from, (await getVersion(tables, from)).document, keyRing),
    decodeDocument(to, (await getVersion(tables, to)).document, keyRing),
  ]);
  return diffDocuments(before, after, { catalog: books.catalog, keyRing });
}

/** @throws SandboxError `CONFIG_MISSING` */
export async function readFindings(
  books: ConfigurationBooks,
  version: number,
  { signal }: SettingsCallOptions,
): Promise<readonly ConfigurationFinding[]> {
  const call = { operation: 'validateVersion', signal };
  const keyRing = await books.keyRing(call);
  const { document } = await books.read(call, (tables) => getVersion(tables, version));
  const { rows, unreadable } = decodeDocument(version, document, keyRing);
  const obstacles = [...unreadable].map(([row, { message }]): ConfigurationFinding => ({ row, field: null, kind: 'error', message }));
  const findings = findFindings(rows, books.catalog, keyRing).filter(({ causes }) => !causes.some((row) => unreadable.has(row)));
  return [...obstacles, ...findings.map(({ row, field, kind, message }): ConfigurationFinding => ({ row, field, kind, message }))];
}

/**
 * Rows as a version had them, with the row that names it and the passports that speak for it now.
 *
 * @throws SandboxError `CONFIG_MISSING`; `SECRET_UNREADABLE` for a row that was written by another program and cannot be opened.
 */
export async function readVersionSettings(
  books: ConfigurationBooks,
  version: number,
  names: readonly string[],
  { signal }: SettingsCallOptions,
): Promise<ReadonlyMap<string, Setting>> {
  const call = { operation: 'readVersion', signal };
  const keyRing = await books.keyRing(call);
  return books.read(call, async (tables) => {
    const document = decodeDocument(version, (await getVersion(tables, version)).document, keyRing);
    const settings = new Map<string, Setting>();
    for (const name of names) {
      const value = await valueIn(tables, version, document, name, books.now());
      if (value !== undefined) settings.set(name, { name, source: SETTING_SOURCE, dataType: dataTypeOf(name), value });
    }
    return settings;
  });
}

async function valueIn(
  tables: Kysely<Tables>,
  version: number,
  document: RecordedDocument,
  name: string,
  nowMs: number,
): Promise<string | undefined> {
  const obstacle = document.unreadable.get(name);
  if (obstacle !== undefined) throw obstacle;
  if (name === VERSION_SETTING) {
    const override = await findOverride(tables, version);
    const active: ActiveVersion = override === undefined ? { number: version } : { number: version, override };
    return JSON.stringify(active);
  }
  const providerId = providersUsedBy(document.rows).find((id) => passportSetting(id) === name);
  if (providerId === undefined) return document.rows.get(name);
  const passport = await passportOf(tables, document.rows, providerId, nowMs);
  return passport === undefined ? undefined : JSON.stringify(passport);
}

/** The audit remembers what the row of the version in use tells only while it is in use. */
async function findOverride(tables: Kysely<Tables>, version: number): Promise<PolicyOverride | undefined> {
  const entry = await findAudit(tables, version, ACTIVATING_ACTIONS);
  return policyOverrideSchema.safeParse(entry?.summary['override']).data;
}
