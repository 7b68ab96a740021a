import { activeVersionSchema, VERSION_SETTING, type PolicyOverride, type SettingsCallOptions } from '@sandport/core';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { ConfigurationBooks } from './configuration-books.ts';
import { isGovernedSetting } from './configuration-document.ts';
import { viewDocument, type ConfigurationView } from './configuration-view.ts';
import { decodeDocument, hasSealedTexts, wholeDocument } from './recorded-document.ts';
import { parseRowJson } from './row-json.ts';
import { readStateAndRows } from './rows/setting-rows.ts';
import { getVersion } from './rows/version-rows.ts';
import { rowsThatDiffer } from './rows-that-differ.ts';

/** The configuration in use, without secrets. */
export interface ActiveConfiguration extends ConfigurationView {
  /** The version that was activated last; `null` before the first. */
  readonly version: number | null;
  /** That the policy was set aside for this version; `null` when it was not. */
  readonly override: PolicyOverride | null;
  /** Rows that another program, or a person, has changed since. The next change writes them down as a version first. */
  readonly changedElsewhere: readonly string[];
}

/** Rows and version come from one statement, and so from one moment. */
export async function readActiveConfiguration(books: ConfigurationBooks, { signal }: SettingsCallOptions): Promise<ActiveConfiguration> {
  const call = { operation: 'readConfiguration', signal };
  const { activeVersion: version, table, recorded } = await books.read(call, readActive);
  const texts = [...table]
    .filter(([name]) => isGovernedSetting(name))
    .map(([name, value]) => [name, typeof value === 'string' ? value : ''] as const);
  const rows = new Map(texts);
  const keyRing = recorded !== undefined && version !== null && hasSealedTexts(version, recorded) ? await books.keyRing(call) : undefined;
  const known = recorded === undefined || version === null ? new Map() : wholeDocument(decodeDocument(version, recorded, keyRing));
  const active = activeVersionSchema.safeParse(parseRowJson(textIn(table, VERSION_SETTING))?.value).data;
  return {
    version,
    override: (active?.number === version ? active?.override : undefined) ?? null,
    ...viewDocument({ rows, unreadable: new Map() }, books.catalog),
    changedElsewhere: rowsThatDiffer(known, rows),
  };
}

async function readActive(tables: Kysely<Tables>) {
  const { activeVersion, table } = await readStateAndRows(tables);
  const recorded = activeVersion === null ? undefined : (await getVersion(tables, activeVersion)).document;
  return { activeVersion, table, recorded };
}

function textIn(table: ReadonlyMap<string, unknown>, name: string): string {
  const value = table.get(name);
  return typeof value === 'string' ? value : '';
}
