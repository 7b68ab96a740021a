import { jsonObjectSchema, jsonValueSchema, LANGUAGES, passportSchema, policyOverrideSchema, sandboxPolicySchema } from '@sandport/core';
import { z } from 'zod';

const versionNumber = z.int().positive();

/** Why a change is made, for the history. */
const reason = z.string().trim().min(1).max(4000);

/** The version in use that the author saw; `null` when there was none. */
const seenVersion = versionNumber.nullable();

/** A passport in one line. */
const passportSummarySchema = passportSchema.pick({
  passed: true,
  madeAtMs: true,
  durationMs: true,
  isolation: true,
  languages: true,
});

/** A provider as its card shows it. */
export const providerCardSchema = z.strictObject({
  id: z.string(),
  displayName: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  languages: z.array(z.enum(LANGUAGES)),
  isActive: z.boolean(),
  /** Place in the fallback chain, from 1; `null` when it is not part of it. */
  fallbackPlace: z.int().positive().nullable(),
  isConfigured: z.boolean(),
  /** Whether this program carries it. One that it does not carry can be seen and not changed. */
  isCarried: z.boolean(),
  /** What is wrong with its row. */
  problem: z.string().nullable(),
  /** Of the configuration in use; `null` where it was never tried. */
  passport: passportSummarySchema.nullable(),
  /** The newest draft that changes this provider. */
  draft: versionNumber.nullable(),
});

/** See {@link providerCardSchema}. */
export type ProviderCard = z.output<typeof providerCardSchema>;

/** What is in use, and what could be. */
export const installationSchema = z.strictObject({
  version: versionNumber.nullable(),
  activeSince: z.strictObject({ author: z.string(), reason: z.string(), activatedAtMs: z.int() }).nullable(),
  providerType: z.string().nullable(),
  fallback: z.array(z.string()),
  policy: sandboxPolicySchema.nullable(),
  override: policyOverrideSchema.nullable(),
  /** Rows that another program wrote since. */
  changedElsewhere: z.array(z.string()),
  /** What is wrong with the rows that are no provider's. */
  problems: z.array(z.strictObject({ row: z.string(), message: z.string() })),
  providers: z.array(providerCardSchema),
  /** Where the settings are, without a password. */
  settingsLocation: z.string(),
});

/** See {@link installationSchema}. */
export type Installation = z.output<typeof installationSchema>;

/** One field of a provider's configuration, as a form needs it. */
export const configFieldSchema = z.strictObject({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  type: z.enum(['string', 'integer', 'number', 'boolean', 'json']),
  /** What a number counts; `null` when it is a mere number or none. */
  unit: z.enum(['ms', 'bytes', 'hours']).nullable(),
  required: z.boolean(),
  secret: z.boolean(),
  /** Fields of the deployment are shown, and cannot be changed here. */
  scope: z.enum(['runtime', 'deployment']),
  default: jsonValueSchema.optional(),
  options: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  placeholder: z.string().optional(),
});

/** See {@link configFieldSchema}. */
export type ConfigField = z.output<typeof configFieldSchema>;

/** How a stored secret is: it is never given back. */
export const SECRET_STATES = ['sealed', 'clear'] as const;

/** What a version says of a provider. */
const storedProviderSchema = z.strictObject({
  /** Stored fields that are no secrets. */
  config: jsonObjectSchema,
  /** Secret fields that are set. */
  secrets: z.record(z.string(), z.enum(SECRET_STATES)),
  problem: z.string().nullable(),
});

/** Everything a form needs, with what is stored in the version that was asked for. */
export const providerDescriptionSchema = z.strictObject({
  card: providerCardSchema,
  fields: z.array(configFieldSchema),
  /** JSON Schema (draft 2020-12) of the configuration, without secret and deployment fields being required. */
  schema: jsonObjectSchema,
  /** The version that `stored` is of; `null` before the first. */
  version: versionNumber.nullable(),
  /** `null` when that version has no configuration of the provider. */
  stored: storedProviderSchema.nullable(),
});

/** See {@link providerDescriptionSchema}. */
export type ProviderDescription = z.output<typeof providerDescriptionSchema>;

export const describeProviderQuerySchema = z.strictObject({
  /** @default the version in use */
  version: z.coerce.number().int().positive().optional(),
});

/** What is known of a version beside its rows. */
export const versionRecordSchema = z.strictObject({
  number: versionNumber,
  parent: versionNumber.nullable(),
  state: z.enum(['draft', 'active', 'superseded', 'discarded']),
  author: z.string(),
  reason: z.string(),
  createdAtMs: z.int(),
  activatedAtMs: z.int().nullable(),
});

/** See {@link versionRecordSchema}. */
export type VersionRecord = z.output<typeof versionRecordSchema>;

/** A part of a list, the newest first. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().positive().optional(),
});

export const versionListSchema = z.strictObject({ versions: z.array(versionRecordSchema) });

/** Something that is wrong with a version, or worth knowing. */
export const findingSchema = z.strictObject({
  row: z.string(),
  field: z.string().nullable(),
  kind: z.enum(['error', 'warning']),
  message: z.string(),
});

/** See {@link findingSchema}. */
export type Finding = z.output<typeof findingSchema>;

/** A version, without secrets. */
export const versionViewSchema = z.strictObject({
  record: versionRecordSchema,
  providerType: z.string().nullable(),
  fallback: z.array(z.string()),
  policy: sandboxPolicySchema.nullable(),
  override: policyOverrideSchema.nullable(),
  providers: z.record(z.string(), storedProviderSchema),
  problems: z.array(z.strictObject({ row: z.string(), message: z.string() })),
  findings: z.array(findingSchema),
});

/** See {@link versionViewSchema}. */
export type VersionView = z.output<typeof versionViewSchema>;

/** One difference between two versions. */
export const differenceSchema = z.strictObject({
  row: z.string(),
  /** `null` when it is the row itself that came, went or cannot be taken apart. */
  field: z.string().nullable(),
  kind: z.enum(['added', 'removed', 'changed']),
  before: jsonValueSchema.optional(),
  after: jsonValueSchema.optional(),
  /** Whether the values may not be shown. */
  secret: z.boolean(),
});

/** See {@link differenceSchema}. */
export type Difference = z.output<typeof differenceSchema>;

export const compareVersionsQuerySchema = z.strictObject({
  from: z.coerce.number().int().positive(),
  to: z.coerce.number().int().positive(),
});

export const differencesAnswerSchema = z.strictObject({ differences: z.array(differenceSchema) });

/** What would happen if a version came into use now. */
export const consequencesSchema = z.strictObject({
  record: versionRecordSchema,
  activeVersion: versionNumber.nullable(),
  /** From the version in use. */
  differences: z.array(differenceSchema),
  findings: z.array(findingSchema),
  providerType: z.strictObject({ before: z.string().nullable(), after: z.string().nullable() }),
  /** What each provider that would be used has for proof. */
  proofs: z.array(
    z.strictObject({
      providerId: z.string(),
      passport: passportSummarySchema.nullable(),
      /** Why the policy speaks against it; `null` when it does not. */
      objection: z.string().nullable(),
    }),
  ),
  /** Programs that follow this configuration now, as far as they have said so. */
  followers: z.strictObject({ clients: z.int().nonnegative(), callsLastMinute: z.int().nonnegative() }),
  /** Whether another version came into use since this one was written: it can no longer be used as it is. */
  isOutdated: z.boolean(),
});

/** See {@link consequencesSchema}. */
export type Consequences = z.output<typeof consequencesSchema>;

/** A change, as the settings take it. New secrets are in `config`; those named in `keep` stay as they are stored. */
const changeSchema = z.strictObject({
  providerType: z.string().min(1).max(128).optional(),
  providers: z
    .record(
      z.string().min(1).max(128),
      z.strictObject({ config: jsonObjectSchema, keep: z.array(z.string().min(1).max(128)).max(64).default([]) }).nullable(),
    )
    .optional(),
  policy: sandboxPolicySchema.nullable().optional(),
  fallback: z.array(z.string().min(1).max(128)).max(16).nullable().optional(),
});

export const createDraftBodySchema = z.strictObject({
  change: changeSchema,
  reason,
  base: seenVersion,
  /** A draft of the same author that this one takes the place of, and that is discarded with it. */
  replaces: versionNumber.optional(),
});

export const draftAnswerSchema = z.strictObject({ version: versionNumber, findings: z.array(findingSchema) });

export const discardDraftBodySchema = z.strictObject({ reason: reason.optional() });

export const activateBodySchema = z.strictObject({ expectedActive: seenVersion, reason: reason.optional() });

export const rollBackBodySchema = z.strictObject({ expectedActive: seenVersion, reason });

export const overrideBodySchema = z.strictObject({
  expectedActive: seenVersion,
  /** Why the policy is set aside. */
  reason,
  /** A draft comes into use; a former version comes back. */
  act: z.enum(['activate', 'roll-back']),
});

export const activationAnswerSchema = z.strictObject({
  version: versionNumber,
  activatedAtMs: z.int(),
  override: policyOverrideSchema.nullable(),
});

export const auditEntrySchema = z.strictObject({
  sequence: z.int(),
  atMs: z.int(),
  actor: z.string(),
  action: z.string(),
  version: versionNumber.nullable(),
  summary: jsonObjectSchema,
});

/** See {@link auditEntrySchema}. */
export type AuditEntry = z.output<typeof auditEntrySchema>;

export const auditAnswerSchema = z.strictObject({ entries: z.array(auditEntrySchema) });
