import { describeIssues, providerConfigSetting, SandboxError, type ProviderDefinition } from '@sandport/core';
import type { GivenConfiguration } from './deployment-fields.ts';

/**
 * Refuses a configuration whose fields break the provider's schema, naming all of them, so that a form can show each in its place. Of secrets that are kept nothing is known here; the
 * settings check the whole once more with them.
 *
 * @throws SandboxError `CONFIG_INVALID` with row, the first field, and all of them as `details.fields`. No value is quoted.
 */
export function checkFields({ id, configSchema }: ProviderDefinition, { config, keep }: GivenConfiguration): void {
  const parsed = configSchema.safeParse(config);
  if (parsed.success) return;
  const fields = describeIssues(parsed.error, 'config').filter(({ field }) => !keep.includes(field.split('.')[0] ?? ''));
  const [first] = fields;
  if (first === undefined) return;
  throw new SandboxError('CONFIG_INVALID', `${first.field}: ${first.message} (configuration of "${id}").`, {
    providerId: id,
    operation: 'changeConfiguration',
    suggestion: `Correct ${fields.length === 1 ? `the field "${first.field}"` : `the ${fields.length} fields that are named`}; nothing was stored.`,
    details: { row: providerConfigSetting(id), field: first.field, fields: fields.map(({ field, message }) => ({ field, message })) },
    cause: parsed.error,
  });
}
