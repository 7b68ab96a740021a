import { SandboxError, type SettingsCallOptions } from '@sandport/core';
import type { ConfigurationBooks } from './configuration-books.ts';
import type { LedgerContext } from './configuration-ledger.ts';
import { isGovernedSetting } from './configuration-document.ts';
import { RowRewrap } from './row-rewrap.ts';
import { insertAudit } from './rows/audit-rows.ts';
import { lockSandboxRows, updateSetting } from './rows/setting-rows.ts';
import { lockState, writeState } from './rows/state-row.ts';
import { documentsAfter, writeDocument } from './rows/version-rows.ts';

/** Versions that one transaction looks at. Others wait no longer than for so many. */
const BATCH_SIZE = 20;

/** Rows without a fitting key that a report names; of more it tells how many. */
const MAX_NAMED = 50;

/** What {@link rotateKeys} came to. */
export interface RotationReport {
  /** Id of the master key that wraps everything now. */
  readonly keyId: string;
  /** Rows in use that were wrapped anew. */
  readonly activeRows: number;
  /** Versions that were looked at, and rows in them that were wrapped anew. */
  readonly versions: number;
  readonly recordedRows: number;
  /** Rows that no key of the ring can open, with their version; `null` is the row in use. They are as they were. */
  readonly unreadable: readonly { readonly version: number | null; readonly row: string }[];
  readonly unreadableCount: number;
}

interface Counts {
  activeRows: number;
  versions: number;
  recordedRows: number;
  readonly unreadable: { version: number | null; row: string }[];
}

/**
 * Wraps every stored secret under the current master key, while others read and activate. Each batch is a transaction; after a crash it is simply called again. Nothing that a
 * configuration says changes, nor its digest.
 *
 * @throws SandboxError `CONFIG_MISSING` when there is no master key.
 */
export async function rotateKeys(books: ConfigurationBooks, author: string, { signal }: SettingsCallOptions): Promise<RotationReport> {
  const call = { operation: 'rotateKeys', signal };
  const keyRing = await books.keyRing(call);
  if (keyRing === undefined) throw noMasterKey();
  const totals: Counts = { activeRows: 0, versions: 0, recordedRows: 0, unreadable: [] };
  for (let last: number | undefined = 0; last !== undefined;) {
    const after: number = last;
    const { counts, next } = await books.write(call, (context) => rewrapBatch(context, new RowRewrap(keyRing), after));
    add(totals, counts);
    last = next;
  }
  const { unreadable, ...numbers } = totals;
  const report = { keyId: keyRing.currentId, ...numbers, unreadable: unreadable.slice(0, MAX_NAMED), unreadableCount: unreadable.length };
  const { keyId, activeRows, versions, recordedRows, unreadableCount } = report;
  await books.write(call, (context) => audit(context, author, { keyId, activeRows, versions, recordedRows, unreadableCount }));
  return report;
}

/** The versions after one. The version in use and its rows change together, by the same hand, so that they go on being equal. */
async function rewrapBatch(
  context: LedgerContext,
  rewrap: RowRewrap,
  after: number,
): Promise<{ counts: Counts; next: number | undefined }> {
  const { transaction } = context;
  const { activeVersion } = await lockState(transaction);
  const batch = await documentsAfter(transaction, after, BATCH_SIZE);
  const counts: Counts = { activeRows: 0, versions: batch.length, recordedRows: 0, unreadable: [] };
  for (const { number, document } of batch) {
    const { recorded, rewrappedRows, unreadableRows } = rewrap.document(number, document);
    if (recorded !== undefined) await writeDocument(transaction, number, recorded);
    counts.recordedRows += rewrappedRows;
    counts.unreadable.push(...unreadableRows.map((row) => ({ version: number, row })));
  }
  const isLast = batch.length < BATCH_SIZE;
  const hasActive = batch.some(({ number }) => number === activeVersion);
  if (hasActive || (activeVersion === null && isLast)) await rewrapActiveRows(context, rewrap, counts);
  return { counts, next: isLast ? undefined : batch.at(-1)?.number };
}

async function rewrapActiveRows({ transaction }: LedgerContext, rewrap: RowRewrap, counts: Counts): Promise<void> {
  for (const [row, text] of await lockSandboxRows(transaction)) {
    const outcome = isGovernedSetting(row) && typeof text === 'string' ? rewrap.row(row, text) : undefined;
    if (outcome === 'unreadable') counts.unreadable.push({ version: null, row });
    if (outcome === undefined || outcome === 'unreadable') continue;
    await updateSetting(transaction, row, outcome);
    counts.activeRows += 1;
  }
}

function add(totals: Counts, counts: Counts): void {
  totals.activeRows += counts.activeRows;
  totals.versions += counts.versions;
  totals.recordedRows += counts.recordedRows;
  totals.unreadable.push(...counts.unreadable);
}

async function audit({ transaction, nowMs }: LedgerContext, actor: string, summary: Record<string, string | number>): Promise<void> {
  const state = await lockState(transaction);
  const sequence = state.lastAudit + 1;
  await insertAudit(transaction, { sequence, atMs: nowMs, actor, action: 'rotate-keys', version: state.activeVersion, summary });
  await writeState(transaction, { ...state, lastAudit: sequence });
}

function noMasterKey(): SandboxError {
  return new SandboxError('CONFIG_MISSING', 'No master key is configured, so there is nothing to wrap secrets with.', {
    operation: 'rotateKeys',
    suggestion: 'Make a master key with `sandport secrets create-key` and give it to this program.',
  });
}
