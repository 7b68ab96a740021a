import { describeConfig, type JsonObject, type JsonValue, type ProviderDefinition } from '@sandport/core';
import type { ProviderView } from '@sandport/settings';
import { withDeploymentFields, type GivenConfiguration } from '../configurations/deployment-fields.ts';

/**
 * What the predecessor's page means by a configuration. It has never seen a stored secret, so one that is absent, empty or `null` stays as it is stored; and it sends an empty text for a
 * field that was left empty, which is none unless the field is required.
 *
 * @param stored what is in use; `undefined` where nothing is.
 * @throws SandboxError `CONFIG_INVALID` naming a field of the deployment that is given another value.
 */
export function givenConfiguration(
  definition: ProviderDefinition,
  posted: JsonObject,
  stored: ProviderView | undefined,
): GivenConfiguration {
  const config: JsonObject = { ...posted };
  const keep: string[] = [];
  for (const { name, secret, required } of describeConfig(definition.configSchema)) {
    if (!isEmpty(config[name])) continue;
    if (secret) {
      delete config[name];
      if (stored?.secrets[name] !== undefined) keep.push(name);
    } else if (!required) {
      delete config[name];
    }
  }
  return withDeploymentFields(definition, { config, keep }, stored);
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
