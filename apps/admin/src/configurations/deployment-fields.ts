import { isDeepStrictEqual } from 'node:util';
import { describeConfig, providerConfigSetting, SandboxError, type JsonObject, type ProviderDefinition } from '@sandport/core';
import type { ProviderView } from '@sandport/settings';

/** A whole new configuration of a provider, as the settings take it. */
export interface GivenConfiguration {
  readonly config: JsonObject;
  /** Secret fields that stay as they are stored. */
  readonly keep: readonly string[];
}

/**
 * The same configuration with the fields of the deployment as they are stored: whoever sends them along changes nothing, and whoever leaves them away loses nothing.
 *
 * @param stored what is in use; `undefined` where nothing is.
 * @throws SandboxError `CONFIG_INVALID` naming row and field, for one that is given another value.
 */
export function withDeploymentFields(
  definition: ProviderDefinition,
  { config, keep }: GivenConfiguration,
  stored: ProviderView | undefined,
): GivenConfiguration {
  const next: JsonObject = { ...config };
  const kept = new Set(keep);
  for (const field of describeConfig(definition.configSchema)) {
    if (field.scope !== 'deployment') continue;
    const { name } = field;
    const isGiven = Object.hasOwn(config, name);
    if (field.secret) {
      if (isGiven) throw ofTheDeployment(definition.id, name);
      if (stored?.secrets[name] !== undefined) kept.add(name);
      continue;
    }
    const former = Object.hasOwn(stored?.fields ?? {}, name) ? stored?.fields[name] : undefined;
    if (isGiven && !isDeepStrictEqual(config[name], former ?? field.default)) throw ofTheDeployment(definition.id, name);
    if (former === undefined) delete next[name];
    else next[name] = former;
  }
  return { config: next, keep: [...kept] };
}

function ofTheDeployment(providerId: string, field: string): SandboxError {
  return new SandboxError('CONFIG_INVALID', `${field}: belongs to the deployment of "${providerId}" and cannot be changed here.`, {
    providerId,
    operation: 'changeConfiguration',
    suggestion:
      'Leave it as it is stored, or change it with the `sandport` command where the deployment is looked after; nothing was stored.',
    details: { row: providerConfigSetting(providerId), field, fields: [{ field, message: 'cannot be changed here' }] },
  });
}
