import { passportSchema, SandboxError, type ActiveVersion, type Passport, type Setting, type SettingsCallOptions } from '@sandport/core';
import { checkAuthor, checkPage, checkReason, checkVersionNumber } from './call-check.ts';
import { parseChange, type ConfigurationChange } from './configuration-change.ts';
import { ConfigurationBooks, type BooksOptions } from './configuration-books.ts';
import type { ConfigurationDifference } from './document-diff.ts';
import type { ConfigurationFinding } from './document-findings.ts';
import { readProofs, type ProviderProof } from './provider-proofs.ts';
import { readDrafts, type DraftView } from './read-drafts.ts';
import { readDifferences, readFindings, readVersionSettings, readVersionView, type VersionView } from './read-versions.ts';
import { readActiveConfiguration, type ActiveConfiguration } from './read-active.ts';
import { rotateKeys, type RotationReport } from './rotate-keys.ts';
import { listAudit, type AuditEntry, type PageOptions } from './rows/audit-rows.ts';
import { listPassports } from './rows/passport-rows.ts';
import { listVersions, type VersionRecord } from './rows/version-rows.ts';
import { savePassport } from './save-passport.ts';
import { sealClearSecrets, type SealingReport } from './seal-clear-secrets.ts';
import { activateDraft, changeAtOnce, discardDraft, draft, rollBack, type OverrideRequest } from './version-steps.ts';

/** Who changes something. */
export interface AuthorOptions extends SettingsCallOptions {
  /** Who it is, up to 255 characters. */
  readonly author: string;
}

/** A change, and what its author saw. */
export interface DraftOptions extends AuthorOptions {
  /** Why, up to 4000 characters. */
  readonly reason: string;
  /** The version in use that the author saw; `null` when there was none. */
  readonly base: number | null;
}

/** A change that is written down as a draft. */
export interface NewDraftOptions extends DraftOptions {
  /**
   * A draft of the same author that this one takes the place of: it is given up with it, and secrets that the change keeps are those of that draft. What else that draft changed is not
   * taken over.
   */
  readonly replaces?: number | undefined;
}

/** A draft that becomes the version in use. */
export interface ActivateOptions extends AuthorOptions {
  /** @default the reason of the draft */
  readonly reason?: string;
  /** The version in use that the author saw; `null` when there was none. */
  readonly expectedActive: number | null;
  /** Sets the policy aside for this version, if it speaks against it. Both the version in use and the audit tell of it. */
  readonly override?: OverrideRequest;
}

/** A change that takes effect at once. */
export interface ChangeOptions extends DraftOptions {
  /** As in {@link ActivateOptions}. */
  readonly override?: OverrideRequest;
}

/** A return to a former version. */
export interface RollBackOptions extends ActivateOptions {
  readonly reason: string;
}

/** A draft that is given up. */
export interface DiscardOptions extends AuthorOptions {
  readonly reason?: string;
}

/**
 * The configuration of an installation with its history. Every change is one transaction: a version, an audit entry and the rows in use, or nothing of them.
 *
 * Secrets go in and never come out: no answer, no error and no audit entry has one. What other programs wrote into the rows directly is written down as a version of `unknown` with the
 * next change, before anything else.
 *
 * Beside what a method names, all of them throw `SETTINGS_UNAVAILABLE`, `SETTINGS_SCHEMA_MISMATCH`, `CANCELLED`, `REQUEST_INVALID` for arguments that are none, and those that read
 * the master keys what `KeyRingSource` throws. Changes throw `CONFIG_MISSING` or `SECRET_UNREADABLE` when a master key is needed that is not there.
 */
export class ConfigurationStore {
  readonly #books: ConfigurationBooks;

  constructor(options: BooksOptions) {
    this.#books = new ConfigurationBooks(options);
  }

  /** The rows in use, seen from one moment, without secrets. */
  active({ signal }: SettingsCallOptions = {}): Promise<ActiveConfiguration> {
    return readActiveConfiguration(this.#books, { signal });
  }

  /** A version, without secrets. @throws SandboxError `CONFIG_MISSING` when there is none with this number. */
  version(number: number, { signal }: SettingsCallOptions = {}): Promise<VersionView> {
    checkVersionNumber('number', number);
    return readVersionView(this.#books, number, { signal });
  }

  /** The versions, the newest first. */
  async history({ signal, ...page }: PageOptions & SettingsCallOptions = {}): Promise<readonly VersionRecord[]> {
    const checked = checkPage(page);
    return this.#books.read({ operation: 'readHistory', signal }, (tables) => listVersions(tables, checked));
  }

  /** What was done, the newest first. */
  async audit({ signal, ...page }: PageOptions & SettingsCallOptions = {}): Promise<readonly AuditEntry[]> {
    const checked = checkPage(page);
    return this.#books.read({ operation: 'readAudit', signal }, (tables) => listAudit(tables, checked));
  }

  /** What changed from one version, or with `null` from nothing, to another, by row and field. @throws SandboxError `CONFIG_MISSING` */
  diff(from: number | null, to: number, { signal }: SettingsCallOptions = {}): Promise<readonly ConfigurationDifference[]> {
    checkVersionNumber('from', from);
    checkVersionNumber('to', to);
    return readDifferences(this.#books, from, to, { signal });
  }

  /** The newest drafts that wait, at most 50. */
  drafts({ signal }: SettingsCallOptions = {}): Promise<readonly DraftView[]> {
    return readDrafts(this.#books, { signal });
  }

  /** What speaks for each provider that a version, or with `null` the rows in use, has: first those that it uses. @throws SandboxError `CONFIG_MISSING` */
  proofs(version: number | null, { signal }: SettingsCallOptions = {}): Promise<readonly ProviderProof[]> {
    checkVersionNumber('version', version);
    return readProofs(this.#books, version, { signal });
  }

  /** What is wrong with a version, or worth knowing, by row and field. Only that there is no such version is thrown (`CONFIG_MISSING`). */
  validate(number: number, { signal }: SettingsCallOptions = {}): Promise<readonly ConfigurationFinding[]> {
    checkVersionNumber('number', number);
    return readFindings(this.#books, number, { signal });
  }

  /** Some rows as a version had them, for those who use it: with sealed secrets as they are stored. See `SettingsStore.readVersion`. */
  readVersion(number: number, names: readonly string[], { signal }: SettingsCallOptions = {}): Promise<ReadonlyMap<string, Setting>> {
    checkVersionNumber('version', number);
    return readVersionSettings(this.#books, number, names, { signal });
  }

  /**
   * Writes down what a change makes of the rows in use, without using it.
   *
   * @returns the number of the draft.
   * @throws SandboxError `CONFIG_INVALID` or `PROVIDER_UNKNOWN` naming row and field; `CONFIG_CONFLICT` when another version than `base` is in use; `REQUEST_INVALID` when `replaces` is
   * no draft of the author; `CONFIG_MISSING` when there is no such version.
   */
  async draft(change: ConfigurationChange, { author, reason, base, replaces, signal }: NewDraftOptions): Promise<number> {
    const checked = parseChange(change);
    checkAuthor(author);
    checkReason('reason', reason);
    checkVersionNumber('base', base);
    if (replaces !== undefined) checkVersionNumber('replaces', replaces);
    const call = { operation: 'draftVersion', signal };
    return this.#books.changeSeen(call, base, (ledger) => draft(ledger, checked, { author, reason }, replaces));
  }

  /** {@link draft} and {@link activate} in one transaction. */
  async change(change: ConfigurationChange, { author, reason, base, override, signal }: ChangeOptions): Promise<ActiveVersion> {
    const checked = parseChange(change);
    checkAuthor(author);
    checkReason('reason', reason);
    checkVersionNumber('base', base);
    checkOverride(override);
    const call = { operation: 'changeConfiguration', signal };
    return this.#books.changeSeen(call, base, (ledger) => changeAtOnce(ledger, checked, { author, reason }, override));
  }

  /**
   * Makes a draft the version in use.
   *
   * @throws SandboxError `CONFIG_CONFLICT` when another version than `expectedActive`, or than the one the draft was made from, is in use; `POLICY_VIOLATED` when a provider lacks its
   * proof; `CONFIG_INVALID`, `PROVIDER_UNKNOWN`, `SECRET_UNREADABLE` naming row and field; `CONFIG_MISSING` when there is no such version.
   */
  async activate(number: number, { author, reason, expectedActive, override, signal }: ActivateOptions): Promise<ActiveVersion> {
    checkVersionNumber('number', number);
    checkAuthor(author);
    if (reason !== undefined) checkReason('reason', reason);
    checkVersionNumber('expectedActive', expectedActive);
    checkOverride(override);
    const call = { operation: 'activateVersion', signal };
    return this.#books.changeSeen(call, expectedActive, (ledger) => activateDraft(ledger, number, { author, reason }, override));
  }

  /** Gives a draft up. It stays in the history. @throws SandboxError `CONFIG_MISSING` */
  async discard(number: number, { author, reason, signal }: DiscardOptions): Promise<void> {
    checkVersionNumber('number', number);
    checkAuthor(author);
    if (reason !== undefined) checkReason('reason', reason);
    await this.#books.change({ operation: 'discardVersion', signal }, (ledger) => discardDraft(ledger, number, { author, reason }));
  }

  /** Makes a new version with the rows of a version that was in use once, and uses it. Throws what {@link activate} throws. */
  async rollBack(to: number, { author, reason, expectedActive, override, signal }: RollBackOptions): Promise<ActiveVersion> {
    checkVersionNumber('to', to);
    checkAuthor(author);
    checkReason('reason', reason);
    checkVersionNumber('expectedActive', expectedActive);
    checkOverride(override);
    const call = { operation: 'rollBackVersion', signal };
    return this.#books.changeSeen(call, expectedActive, (ledger) => rollBack(ledger, to, { author, reason }, override));
  }

  /**
   * Writes down what other programs have changed, if anything, and gives the version that is in use then. Whoever calls it before {@link active} never meets a conflict
   * with a change that was there already.
   */
  recordForeignChanges({ signal }: SettingsCallOptions = {}): Promise<number | null> {
    return this.#books.change({ operation: 'recordForeignChanges', signal }, (ledger) => Promise.resolve(ledger.activeVersion));
  }

  /** Stores a passport, and puts it beside the rows in use if it is that of a configuration in use. @throws SandboxError `REQUEST_INVALID` */
  async savePassport(passport: Passport, { signal }: SettingsCallOptions = {}): Promise<void> {
    const parsed = passportSchema.safeParse(passport);
    if (!parsed.success) throw notAPassport(parsed.error);
    await savePassport(this.#books, parsed.data, { signal });
  }

  /** Passports of a provider, whatever its configuration was, the newest first. @throws SandboxError `CONFIG_INVALID` when one cannot be read. */
  async passports(
    providerId: string,
    { limit, signal }: { readonly limit?: number } & SettingsCallOptions = {},
  ): Promise<readonly Passport[]> {
    const page = checkPage({ limit });
    return this.#books.read({ operation: 'readPassports', signal }, (tables) => listPassports(tables, providerId, page.limit));
  }

  /** Wraps every stored secret under the current master key, while others read and activate. After a crash it is simply called again. */
  async rotateKeys({ author, signal }: AuthorOptions): Promise<RotationReport> {
    checkAuthor(author);
    return rotateKeys(this.#books, author, { signal });
  }

  /** Seals secrets that stand in the clear in the rows in use, as a new version that says the same. */
  async sealClearSecrets({ author, signal }: AuthorOptions): Promise<SealingReport> {
    checkAuthor(author);
    return this.#books.change({ operation: 'sealSecrets', signal }, (ledger) => sealClearSecrets(ledger, author));
  }
}

function checkOverride(override: OverrideRequest | undefined): void {
  if (override !== undefined) checkReason('override.reason', override.reason);
}

function notAPassport(cause: unknown): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'passport: does not have the shape of a passport.', {
    operation: 'savePassport',
    suggestion: 'Hand over what the trial of the provider gave.',
    details: { field: 'passport' },
    cause,
  });
}
