import { activeVersionSchema, configDigest, providerConfigSetting, VERSION_SETTING, type ActiveVersion } from '@sandport/core';
import { selectRows } from '../database/rows/read-rows.ts';
import { changedRows, type ConfigurationDocument } from './configuration-document.ts';
import type { ConfigurationLedger } from './configuration-ledger.ts';
import { providersUsedBy } from './document-reading.ts';
import { parseRowJson, readRowObject } from './row-json.ts';
import { putPassport } from './rows/passport-rows.ts';
import { sealRows, type SealedRow } from './seal-rows.ts';

/** What {@link sealClearSecrets} came to. */
export interface SealingReport {
  /** The version that it made; `null` when nothing stood in the clear. */
  readonly version: number | null;
  readonly sealed: readonly SealedRow[];
}

/**
 * Seals the secrets that stand in the clear in the rows in use, as a new version. What the configuration says is the same as before, so its passports and an override go on to count;
 * the policy is not asked.
 *
 * @throws SandboxError `CONFIG_MISSING` when there is no master key, `SECRET_UNREADABLE` when other secrets of the same row cannot be opened.
 */
export async function sealClearSecrets(ledger: ConfigurationLedger, author: string): Promise<SealingReport> {
  const before = ledger.rows;
  const parent = ledger.activeVersion;
  const { document, sealed } = sealRows(before, new Set(before.keys()), ledger.context);
  if (sealed.length === 0) return { version: null, sealed };
  const override = await readOverride(ledger);
  const reason = 'secrets that stood in the clear were sealed';
  const number = await ledger.addVersion({ parent, author, reason, document });
  await carryPassports(ledger, before, document);
  await ledger.makeActive(override === undefined ? { number } : { number, override }, document);
  const rows = sealed.map(({ row, fields }) => ({ row, fields: [...fields] }));
  await ledger.addAudit({ actor: author, action: 'seal-secrets', version: number, summary: { from: parent, reason, sealed: rows } });
  return { version: number, sealed };
}

async function readOverride(ledger: ConfigurationLedger): Promise<ActiveVersion['override']> {
  const row = (await selectRows(ledger.context.transaction, [VERSION_SETTING])).get(VERSION_SETTING);
  const active = activeVersionSchema.safeParse(parseRowJson(row?.value ?? '')?.value).data;
  return active?.number === ledger.activeVersion ? active?.override : undefined;
}

/** A passport belongs to the digest of a row, which sealing changes although the configuration stays the same. */
async function carryPassports(ledger: ConfigurationLedger, before: ConfigurationDocument, after: ConfigurationDocument): Promise<void> {
  const changed = changedRows(before, after);
  for (const providerId of providersUsedBy(after)) {
    const row = providerConfigSetting(providerId);
    const passport = changed.includes(row) ? await ledger.passportFor(before, providerId) : undefined;
    const { config } = readRowObject(after.get(row) ?? '');
    if (passport !== undefined && config !== undefined) {
      await putPassport(ledger.context.transaction, { ...passport, configDigest: configDigest(config) });
    }
  }
}
