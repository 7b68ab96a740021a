import { SEALED_MEMBER, type JsonObject } from '@sandport/core';
import { z } from 'zod';
import { KEY_BYTES, OVERHEAD_BYTES } from './aes-gcm.ts';
import { malformedMember, newerFormat, sealedAndPlain } from './secret-errors.ts';

/** The one version of the format there is. */
export const SEALED_VERSION = 1;

/** Base64 as Node writes it, so that one content has one text and a changed character is a changed content. */
const encryptedSchema = z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text);
const encryptedLength = (text: string): number => Buffer.from(text, 'base64').length;

/** What {@link SEALED_MEMBER} holds. Both encrypted texts are base64 of nonce (12 bytes), ciphertext and tag (16 bytes). */
const sealedMemberSchema = z.strictObject({
  version: z.literal(SEALED_VERSION),
  key: z.strictObject({
    /** Id of the master key that wrapped the data key. */
    id: z.string().regex(/^[0-9a-f]{16}$/),
    /** The data key, encrypted with the master key. */
    wrapped: encryptedSchema.refine((text) => encryptedLength(text) === KEY_BYTES + OVERHEAD_BYTES),
  }),
  /** Names of the fields in `data`: each once, ascending by their UTF-16 code units. */
  fields: z
    .array(z.string().min(1))
    .min(1)
    .refine((fields) => fields.every((field, index) => field !== SEALED_MEMBER && (index === 0 || (fields[index - 1] ?? '') < field))),
  /** The fields with their values as a JSON object, encrypted with the data key. */
  data: encryptedSchema.refine((text) => encryptedLength(text) > OVERHEAD_BYTES),
});

/** The sealed secrets of a row. */
export type SealedMember = z.output<typeof sealedMemberSchema>;

/** A row's configuration as it is stored. */
export interface StoredConfig {
  /** Exact name of the row. */
  readonly row: string;
  readonly config: JsonObject;
}

/**
 * The sealed secrets of a configuration, or nothing where none are.
 *
 * @throws SandboxError `SECRET_UNREADABLE` when they are malformed, of a newer format, or one of the fields also stands in the clear.
 */
export function readSealedMember({ row, config }: StoredConfig): SealedMember | undefined {
  if (!Object.hasOwn(config, SEALED_MEMBER)) return undefined;
  const member = config[SEALED_MEMBER];
  // The version comes first: what a newer one looks like beyond it is unknown.
  const versioned = z.looseObject({ version: z.int().positive() }).safeParse(member);
  if (versioned.success && versioned.data.version > SEALED_VERSION) throw newerFormat(row, versioned.data.version, SEALED_VERSION);
  const parsed = sealedMemberSchema.safeParse(member);
  if (!parsed.success) {
    throw malformedMember(row, [SEALED_MEMBER, ...(parsed.error.issues[0]?.path ?? []).map(String)].join('.'));
  }
  const twice = parsed.data.fields.find((field) => Object.hasOwn(config, field));
  if (twice !== undefined) throw sealedAndPlain(row, twice);
  return parsed.data;
}

/**
 * Names of the fields that are sealed, and so set. No key is needed, and none of the values is known after it.
 *
 * @throws SandboxError as {@link readSealedMember}.
 */
export function sealedFieldsOf(stored: StoredConfig): readonly string[] {
  return readSealedMember(stored)?.fields ?? [];
}

/**
 * Id of the master key that a configuration needs to be opened; nothing where it has no sealed secrets.
 *
 * @throws SandboxError as {@link readSealedMember}.
 */
export function masterKeyIdOf(stored: StoredConfig): string | undefined {
  return readSealedMember(stored)?.key.id;
}
