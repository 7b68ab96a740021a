import { readServiceConfig, type ConfigShape, type ConfigSources } from '@sandport/http-service';
import { adminConfigSchema, type AdminConfig } from './admin-config.ts';

/** What a configuration of the admin app looks like. */
export const ADMIN_CONFIG: ConfigShape<AdminConfig> = { schema: adminConfigSchema, variablePrefix: 'SANDPORT_ADMIN' };

/**
 * The configuration: what the file says, and over it what the environment says.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the field, the variable or the file. Values are not quoted.
 */
export function readConfig(sources: ConfigSources): AdminConfig {
  return readServiceConfig(sources, ADMIN_CONFIG);
}
