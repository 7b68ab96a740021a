import type { SettingsCallOptions } from '@sandport/core';
import type { ConfigurationBooks } from './configuration-books.ts';
import { decodeDocument, hasSealedTexts } from './recorded-document.ts';
import { getVersion, listDrafts, type VersionRecord } from './rows/version-rows.ts';
import { rowsThatDiffer } from './rows-that-differ.ts';

/** More waiting drafts than anybody looks through. */
const MAX_DRAFTS = 50;

/** A draft that waits. */
export interface DraftView {
  readonly record: VersionRecord;
  /** Rows that it makes another thing of than its parent had, by name. */
  readonly rows: readonly string[];
}

/** The newest drafts that were neither used nor given up. A row whose recorded text nobody can open counts as unchanged. */
export async function readDrafts(books: ConfigurationBooks, { signal }: SettingsCallOptions): Promise<readonly DraftView[]> {
  const call = { operation: 'readDrafts', signal };
  const { drafts, parents } = await books.read(call, async (tables) => {
    const found = await listDrafts(tables, MAX_DRAFTS);
    const numbers = new Set(found.flatMap(({ record }) => record.parent ?? []));
    const documents = new Map<number, string>();
    for (const number of numbers) documents.set(number, (await getVersion(tables, number)).document);
    return { drafts: found, parents: documents };
  });
  const recorded = [...drafts.map(({ record, document }) => [record.number, document] as const), ...parents];
  const keyRing = recorded.some(([number, document]) => hasSealedTexts(number, document)) ? await books.keyRing(call) : undefined;
  return drafts.map(({ record, document }): DraftView => {
    const parent = record.parent === null ? undefined : parents.get(record.parent);
    const before = record.parent === null || parent === undefined ? new Map() : decodeDocument(record.parent, parent, keyRing).rows;
    return { record, rows: rowsThatDiffer(before, decodeDocument(record.number, document, keyRing).rows) };
  });
}
