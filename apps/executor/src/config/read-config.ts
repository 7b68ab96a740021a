import { readServiceConfig, type ConfigShape, type ConfigSources } from '@sandport/http-service';
import { executorConfigSchema, type ExecutorConfig } from './executor-config.ts';

/** What a configuration of an executor looks like. */
export const EXECUTOR_CONFIG: ConfigShape<ExecutorConfig> = { schema: executorConfigSchema, variablePrefix: 'SANDPORT_EXECUTOR' };

/**
 * The configuration: what the file says, and over it what the environment says.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the field, the variable or the file. Values are not quoted.
 */
export function readConfig(sources: ConfigSources): ExecutorConfig {
  return readServiceConfig(sources, EXECUTOR_CONFIG);
}
