import { SandboxError, type ActiveVersion } from '@sandport/core';
import { activateDocument } from './activate-document.ts';
import { applyChange } from './apply-change.ts';
import type { CheckedChange } from './configuration-change.ts';
import { describeConflict } from './configuration-conflict.ts';
import { changedRows, type ConfigurationDocument } from './configuration-document.ts';
import type { ConfigurationLedger } from './configuration-ledger.ts';
import { refuseFindings } from './refuse-findings.ts';
import { sealRows } from './seal-rows.ts';
import { discardVersion, getVersion, type VersionRecord } from './rows/version-rows.ts';

/** Who does something, and why. */
export interface Authorship {
  readonly author: string;
  readonly reason: string;
}

/** Why the policy may be set aside for a version. */
export interface OverrideRequest {
  readonly reason: string;
}

/** Writes down what a change makes of the rows in use, and gives the number of the draft. */
export async function draft(
  ledger: ConfigurationLedger,
  change: CheckedChange,
  authorship: Authorship,
  replaces: number | undefined,
): Promise<number> {
  const replaced = replaces === undefined ? undefined : await draftToReplace(ledger, replaces, authorship.author);
  const document = changedDocument(ledger, change, replaced);
  const parent = ledger.activeVersion;
  const number = await ledger.addVersion({ ...authorship, parent, document });
  const { author, reason } = authorship;
  const summary = { reason, parent, ...ledger.changesFor(ledger.rows, document) };
  await ledger.addAudit({ actor: author, action: 'draft', version: number, summary });
  if (replaces !== undefined) await discardDraft(ledger, replaces, { author, reason: `replaced by version ${number}` });
  return number;
}

/** Rows of a draft whose place another one of the same author takes. */
async function draftToReplace(ledger: ConfigurationLedger, number: number, author: string): Promise<ConfigurationDocument> {
  const { record, rows } = await ledger.version(number);
  if (record.state === 'draft' && record.author === author) return rows;
  const finding = record.state === 'draft' ? `is a draft of "${record.author}"` : `is no draft, it is ${record.state}`;
  throw new SandboxError('REQUEST_INVALID', `replaces: version ${number} ${finding}.`, {
    operation: 'draftVersion',
    suggestion: 'Make the draft without replacing another one; nothing was stored.',
    details: { field: 'replaces', version: number, state: record.state },
  });
}

/** A draft and its activation in one step. */
export async function changeAtOnce(
  ledger: ConfigurationLedger,
  change: CheckedChange,
  authorship: Authorship,
  override: OverrideRequest | undefined,
): Promise<ActiveVersion> {
  const document = changedDocument(ledger, change);
  return addAndActivate(ledger, 'change', document, authorship, override);
}

/** Makes a draft the version in use. One that was made from another version than the one in use would undo what came between. */
export async function activateDraft(
  ledger: ConfigurationLedger,
  number: number,
  { author, reason }: { author: string; reason: string | undefined },
  override: OverrideRequest | undefined,
): Promise<ActiveVersion> {
  const { record, rows } = await ledger.version(number);
  checkIsDraft(record, 'activateVersion');
  if (record.parent !== ledger.activeVersion) throw await describeConflict(ledger, record.parent, 'activateVersion');
  const summary = { from: ledger.activeVersion, reason: reason ?? record.reason };
  return activateDocument(ledger, { number, document: rows, actor: author, action: 'activate', override, summary });
}

/** Gives a draft up. It stays in the history. */
export async function discardDraft(
  ledger: ConfigurationLedger,
  number: number,
  { author, reason }: { author: string; reason: string | undefined },
): Promise<void> {
  const { transaction } = ledger.context;
  const { record } = await getVersion(transaction, number);
  checkIsDraft(record, 'discardVersion');
  await discardVersion(transaction, number);
  await ledger.addAudit({ actor: author, action: 'discard', version: number, summary: reason === undefined ? {} : { reason } });
}

/** A new version with the rows of a former one, in use at once. */
export async function rollBack(
  ledger: ConfigurationLedger,
  to: number,
  authorship: Authorship,
  override: OverrideRequest | undefined,
): Promise<ActiveVersion> {
  const { record, rows } = await ledger.version(to);
  if (record.state !== 'superseded') throw notRolledBackTo(record);
  const changed = new Set(changedRows(ledger.rows, rows));
  // What is in use already stays as another program may need it; what we write we write sealed.
  const document = sealRows(rows, changed, ledger.context).document;
  return addAndActivate(ledger, 'roll-back', document, authorship, override, { to });
}

async function addAndActivate(
  ledger: ConfigurationLedger,
  action: 'change' | 'roll-back',
  document: ConfigurationDocument,
  { author, reason }: Authorship,
  override: OverrideRequest | undefined,
  facts: { readonly to?: number } = {},
): Promise<ActiveVersion> {
  const parent = ledger.activeVersion;
  const number = await ledger.addVersion({ parent, author, reason, document });
  return activateDocument(ledger, { number, document, actor: author, action, override, summary: { from: parent, reason, ...facts } });
}

/** @param secretsFrom rows in which kept secrets are looked for first. */
function changedDocument(ledger: ConfigurationLedger, change: CheckedChange, secretsFrom?: ConfigurationDocument): ConfigurationDocument {
  const document = applyChange(ledger.rows, change, ledger.context, secretsFrom);
  refuseFindings(document, new Set(changedRows(ledger.rows, document)), ledger.context);
  return document;
}

function checkIsDraft({ number, state }: VersionRecord, operation: string): void {
  if (state === 'draft') return;
  const suggestion = state === 'superseded' ? `Roll back to version ${number} instead.` : 'Choose a draft that the history lists.';
  throw new SandboxError('REQUEST_INVALID', `number: version ${number} is no draft, it is ${state}.`, {
    operation,
    suggestion,
    details: { field: 'number', version: number, state },
  });
}

function notRolledBackTo({ number, state }: VersionRecord): SandboxError {
  const found =
    state === 'active' ? 'is in use already' : state === 'draft' ? 'is a draft that was never in use' : 'was discarded and never in use';
  return new SandboxError('REQUEST_INVALID', `to: version ${number} ${found}.`, {
    operation: 'rollBackVersion',
    suggestion: state === 'draft' ? 'Activate it instead.' : 'Choose a version that the history lists as superseded.',
    details: { field: 'to', version: number, state },
  });
}
