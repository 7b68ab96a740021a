import {
  describeIssue,
  jsonObjectSchema,
  providerConfigSetting,
  providerOfSetting,
  SandboxError,
  sandboxPolicySchema,
  SEALED_MEMBER,
  SETTING_NAME_MAX_LENGTH,
  type JsonObject,
  type SandboxPolicyInput,
} from '@sandport/core';
import { z } from 'zod';

/** The whole new configuration of a provider. */
export interface ProviderChange {
  /** Every field that is to be stored, new secrets in the clear. A field that is absent, and not kept, goes back to its default. */
  readonly config: JsonObject;
  /** Secret fields that stay as they are stored. They must not be in `config`. @default [] */
  readonly keep?: readonly string[];
  /**
   * Names of the secret fields of a provider that this program does not carry. To give them, also an empty list, is the caller's word that the configuration is right: nobody here can check it.
   * Of a provider that is carried its own schema says which fields are secret.
   */
  readonly secretFields?: readonly string[];
}

/** What is to be different. What is absent stays as it is. */
export interface ConfigurationChange {
  /** The provider to use. */
  readonly providerType?: string;
  /** Configurations by provider id; `null` removes one. */
  readonly providers?: Readonly<Record<string, ProviderChange | null>>;
  /** The whole new policy; `null` removes it. */
  readonly policy?: SandboxPolicyInput | null;
  /** The whole new fallback chain; `null` removes it. */
  readonly fallback?: readonly string[] | null;
}

const providerIdSchema = z
  .string()
  .refine(
    (id) => id.length <= SETTING_NAME_MAX_LENGTH - 'sandbox.passport.'.length && providerOfSetting(providerConfigSetting(id)) === id,
    {
      error: 'is not an id of a provider',
    },
  );

const providerChangeSchema = z
  .strictObject({
    config: jsonObjectSchema,
    keep: z.array(z.string().min(1)).default([]),
    secretFields: z.array(z.string().min(1)).optional(),
  })
  .superRefine(({ config, keep }, context) => {
    if (Object.hasOwn(config, SEALED_MEMBER)) {
      context.addIssue({
        code: 'custom',
        path: ['config', SEALED_MEMBER],
        message: 'is kept for sealed secrets; give the secrets themselves, or name them in "keep"',
      });
    }
    for (const [index, field] of keep.entries()) {
      if (Object.hasOwn(config, field)) {
        context.addIssue({ code: 'custom', path: ['keep', index], message: `names "${field}", which "config" also gives a value` });
      }
    }
  });

const changeSchema = z.strictObject({
  providerType: providerIdSchema.optional(),
  providers: z.record(providerIdSchema, providerChangeSchema.nullable()).optional(),
  policy: sandboxPolicySchema.nullable().optional(),
  fallback: z.array(providerIdSchema).nullable().optional(),
});

/** A change that was checked as far as that is possible without the stored configuration. */
export type CheckedChange = z.output<typeof changeSchema>;

/**
 * Checks the shape of a change.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field. Neither values nor the schema's own error are shown, since they may hold a secret.
 */
export function parseChange(change: ConfigurationChange): CheckedChange {
  const parsed = changeSchema.safeParse(change);
  if (!parsed.success) {
    const { field, message } = describeIssue(parsed.error, 'change');
    throw refuse(field, message);
  }
  if (Object.values(parsed.data).every((part) => part === undefined)) throw refuse('change', 'says nothing');
  return parsed.data;
}

function refuse(field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    operation: 'changeConfiguration',
    suggestion: 'Correct it and call again; nothing was stored.',
    details: { field },
  });
}
