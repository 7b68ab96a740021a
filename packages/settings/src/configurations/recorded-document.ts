import { jsonObjectSchema, SandboxError, type JsonObject } from '@sandport/core';
import { z } from 'zod';
import type { KeyRing } from '../secrets/key-ring.ts';
import { openSealedConfig, sealConfig } from '../secrets/sealed-config.ts';
import type { ConfigurationDocument } from './configuration-document.ts';
import { mayShowSecret } from './may-show-secret.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { parseRowJson } from './row-json.ts';

/** What the column `document` of a version holds. By row: its text, or the text sealed where it may show a secret. */
export type RecordedEntries = Readonly<Record<string, string | JsonObject>>;

/** A recorded document as far as it can be read. */
export interface RecordedDocument {
  readonly rows: ConfigurationDocument;
  /** Rows whose text is sealed and cannot be opened, with the reason. */
  readonly unreadable: ReadonlyMap<string, SandboxError>;
}

const recordedSchema: z.ZodType<RecordedEntries> = z.record(z.string(), z.union([z.string(), jsonObjectSchema]));

const TEXT_FIELD = 'text';

/** What a sealed text is bound to. It is no name of a row, so that nobody can move it into the table of settings and have it opened there. */
export function sealedTextName(row: string): string {
  return `recorded text of ${row}`;
}

/**
 * The text under which a document is kept. A row that another program wrote may have secrets in the clear, or fields of which nobody here knows what they are. Its text is sealed
 * as a whole: it comes back exactly, and history keeps no secret in the clear.
 *
 * @throws SandboxError `CONFIG_MISSING` naming the row when that takes a master key and there is none.
 */
export function encodeDocument(rows: ConfigurationDocument, catalog: ProviderCatalog, keyRing: KeyRing | undefined): string {
  return JSON.stringify(
    Object.fromEntries([...rows].map(([row, text]) => [row, mayShowSecret(catalog, row, text) ? sealText(row, text, keyRing) : text])),
  );
}

/**
 * The document that a version keeps.
 *
 * @throws SandboxError `CONFIG_INVALID` when it is none.
 */
export function decodeDocument(version: number, recorded: string, keyRing: KeyRing | undefined): RecordedDocument {
  const rows = new Map<string, string>();
  const unreadable = new Map<string, SandboxError>();
  for (const [row, entry] of Object.entries(parseRecorded(version, recorded))) {
    try {
      rows.set(row, typeof entry === 'string' ? entry : openText(row, entry, keyRing));
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      unreadable.set(row, error);
    }
  }
  return { rows, unreadable };
}

/** Whether it takes a master key to read a document whole. */
export function hasSealedTexts(version: number, recorded: string): boolean {
  return Object.values(parseRecorded(version, recorded)).some((entry) => typeof entry !== 'string');
}

/** The rows of a document, only if every one of them can be read. */
export function wholeDocument({ rows, unreadable }: RecordedDocument): ConfigurationDocument {
  for (const error of unreadable.values()) throw error;
  return rows;
}

/** @throws SandboxError `CONFIG_INVALID` */
export function parseRecorded(version: number, recorded: string): RecordedEntries {
  const parsed = recordedSchema.safeParse(parseRowJson(recorded)?.value);
  if (parsed.success) return parsed.data;
  throw new SandboxError('CONFIG_INVALID', `The document of version ${version} of the stored configuration cannot be read.`, {
    operation: 'readVersion',
    suggestion: 'Restore the table "sandport_versions" from a backup.',
    details: { version },
  });
}

/**
 * The text of a row, sealed.
 *
 * @throws SandboxError `CONFIG_MISSING` when there is no master key.
 */
export function sealText(row: string, text: string, keyRing: KeyRing | undefined): JsonObject {
  if (keyRing !== undefined) {
    return sealConfig({ row: sealedTextName(row), config: { [TEXT_FIELD]: text }, secretFields: [TEXT_FIELD], keyRing });
  }
  throw new SandboxError(
    'CONFIG_MISSING',
    `The row "${row}" was written by another program and may show secrets. The history would keep them, and no master key is configured to seal them with.`,
    {
      operation: 'recordVersion',
      suggestion: 'Make a master key with `sandport secrets create-key`, give it to this program and call again; nothing was changed.',
      details: { row },
    },
  );
}

/** @throws SandboxError `SECRET_UNREADABLE` */
export function openText(row: string, entry: JsonObject, keyRing: KeyRing | undefined): string {
  const text = openSealedConfig({ row: sealedTextName(row), config: entry, keyRing })[TEXT_FIELD];
  if (typeof text === 'string') return text;
  throw new SandboxError('CONFIG_INVALID', `The recorded text of the row "${row}" is missing.`, {
    operation: 'readVersion',
    suggestion: 'Restore the table "sandport_versions" from a backup.',
    details: { row },
  });
}
