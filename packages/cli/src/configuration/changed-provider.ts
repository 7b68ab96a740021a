import { SandboxError, type JsonValue } from '@sandport/core';
import type { ProviderChange, ProviderView } from '@sandport/settings';
import { parseFieldValue } from '../field-value.ts';
import type { Assignment } from './assignments.ts';

/**
 * The whole new configuration of a provider: the stored one with other values. Secrets that nobody names are kept.
 *
 * @param former what is stored; `undefined` to start from an empty configuration
 * @throws SandboxError `CONFIG_INVALID` when what is stored cannot be kept, `REQUEST_INVALID` for a value of another type.
 */
export function changedProvider(
  former: ProviderView | undefined,
  assignments: readonly Assignment[],
  secrets: ReadonlyMap<string, string>,
): ProviderChange {
  if (former !== undefined && former.problem !== null) throw notKept(former.id, former.problem);
  const config = new Map<string, JsonValue>(Object.entries(former?.fields ?? {}));
  const keep = new Set(Object.keys(former?.secrets ?? {}));
  for (const { field, text } of assignments) {
    keep.delete(field.name);
    if (text === '') config.delete(field.name);
    else config.set(field.name, parseFieldValue(field, text));
  }
  for (const [name, text] of secrets) {
    keep.delete(name);
    config.set(name, text);
  }
  return { config: Object.fromEntries(config), keep: [...keep] };
}

function notKept(id: string, problem: string): SandboxError {
  return new SandboxError('CONFIG_INVALID', `${problem} Its other fields cannot be kept, and nothing was stored.`, {
    providerId: id,
    operation: 'configure',
    suggestion: `Store the configuration anew with \`sandport config set ${id} --reset KEY=VALUE\`.`,
  });
}
