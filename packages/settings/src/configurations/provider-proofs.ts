import {
  configDigest,
  findPassportProblem,
  providerConfigSetting,
  providerOfSetting,
  type Passport,
  type SettingsCallOptions,
} from '@sandport/core';
import type { ConfigurationBooks } from './configuration-books.ts';
import { isGovernedSetting, type ConfigurationDocument } from './configuration-document.ts';
import { providersUsedBy, readPolicy } from './document-reading.ts';
import { passportOf } from './passport-of.ts';
import { decodeDocument } from './recorded-document.ts';
import { readRowObject } from './row-json.ts';
import { readStateAndRows } from './rows/setting-rows.ts';
import { getVersion } from './rows/version-rows.ts';

/** What speaks for a provider's configuration. */
export interface ProviderProof {
  readonly providerId: string;
  /** `configDigest` of its row; `null` where there is none, or it cannot be read. */
  readonly configDigest: string | null;
  /** The newest passport of that very configuration; `null` when it was never tried. */
  readonly passport: Passport | null;
  /** Whether it is the chosen provider or one of the fallback chain. */
  readonly isUsed: boolean;
  /** Why the policy of the same document speaks against it, without a full stop; `null` when it does not, and without a policy. */
  readonly objection: string | null;
}

/** Gives the newest passport of the configuration that a document has for a provider. */
type PassportSource = (providerId: string) => Promise<Passport | undefined>;

/** The proofs of the providers that a document uses, in the order in which they are asked, and of those that it has besides. */
export async function proofsOf(document: ConfigurationDocument, passportFor: PassportSource, nowMs: number): Promise<ProviderProof[]> {
  const policy = readPolicy(document).value;
  const used = providersUsedBy(document);
  const configured = [...document.keys()].flatMap((row) => providerOfSetting(row) ?? []).toSorted();
  const proofs: ProviderProof[] = [];
  for (const providerId of new Set([...used, ...configured])) {
    const text = document.get(providerConfigSetting(providerId));
    const config = text === undefined ? undefined : readRowObject(text).config;
    const passport = config === undefined ? undefined : await passportFor(providerId);
    const question = { providerId, configDigest: configDigest(config ?? {}), passport, nowMs };
    const objection = policy === undefined ? undefined : findPassportProblem(policy, question);
    proofs.push({
      providerId,
      configDigest: config === undefined ? null : question.configDigest,
      passport: passport ?? null,
      isUsed: used.includes(providerId),
      objection: objection ?? null,
    });
  }
  return proofs;
}

/** The proofs of a version; with `null` of the rows in use. @throws SandboxError `CONFIG_MISSING` */
export async function readProofs(
  books: ConfigurationBooks,
  version: number | null,
  { signal }: SettingsCallOptions,
): Promise<readonly ProviderProof[]> {
  const call = { operation: 'readProofs', signal };
  const keyRing = version === null ? undefined : await books.keyRing(call);
  return books.read(call, async (tables) => {
    const document =
      version === null
        ? rowsInUse((await readStateAndRows(tables)).table)
        : decodeDocument(version, (await getVersion(tables, version)).document, keyRing).rows;
    const nowMs = books.now();
    return proofsOf(document, (providerId) => passportOf(tables, document, providerId, nowMs), nowMs);
  });
}

function rowsInUse(table: ReadonlyMap<string, unknown>): ConfigurationDocument {
  return new Map(
    [...table].filter(([name]) => isGovernedSetting(name)).map(([name, value]) => [name, typeof value === 'string' ? value : ''] as const),
  );
}
