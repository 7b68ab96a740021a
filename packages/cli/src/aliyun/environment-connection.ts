import { aliyunProviderConfigSchema, describeSettings, type DescribedSetting } from '@sandport/provider-aliyun';
import type { CliContext } from '../cli-context.ts';
import { VARIABLES_OF_FIELD, type Connection } from './connection.ts';

type Environment = CliContext['environment'];

/**
 * The connection that an environment describes, by the provider's own order of variables; region and template are those that the provider takes when nothing is said. Nothing is checked.
 */
export function environmentConnection(environment: Environment): Connection {
  const found = describeNames(environment).flatMap(({ name, origin, value }): [string, string][] => {
    if (origin.kind === 'environment') return [[name, environment[origin.variable]?.trim() ?? '']];
    return origin.kind === 'default' && value !== null ? [[name, value]] : [];
  });
  return { ...secretWithoutKey(environment), ...Object.fromEntries(found) };
}

/** Only names are asked of the provider: values that are malformed are judged later, and by name. */
function describeNames(environment: Environment): DescribedSetting[] {
  const names = Object.keys(environment).filter((name) => isSet(environment, name));
  return describeSettings(aliyunProviderConfigSchema.parse({}), Object.fromEntries(names.map((name) => [name, 'x'])));
}

/** The provider takes no secret without its key. That it is there is to be known all the same, so that nobody is told that it is missing. */
function secretWithoutKey(environment: Environment): Connection {
  const variable = VARIABLES_OF_FIELD.accessKeySecret.find((name) => isSet(environment, name));
  const hasKey = VARIABLES_OF_FIELD.accessKeyId.some((name) => isSet(environment, name));
  return variable === undefined || hasKey ? {} : { accessKeySecret: environment[variable]?.trim() ?? '' };
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? '').trim() !== '';
}
