import { describeConfig } from '@sandport/core';
import { aliyunProviderConfigSchema } from '@sandport/provider-aliyun';
import type { ProviderChange, ProviderView } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { changedProvider } from '../configuration/changed-provider.ts';
import { CONNECTION_FIELDS, SECRET_FIELDS, type Connection } from './connection.ts';
import { environmentConnection } from './environment-connection.ts';

/** The key of the connection is the one that counts, so this field goes back to its default, which says so. */
const SOURCE_FIELD = 'credentialSource';

/**
 * The stored configuration with another connection, as a whole: of the former one nothing is left, not even a token, which would belong to another key. All other fields stay.
 *
 * @throws SandboxError `CONFIG_INVALID` when what is stored cannot be kept.
 */
export function changedConnection(former: ProviderView | undefined, connection: Connection): ProviderChange {
  const secrets = new Map(SECRET_FIELDS.flatMap((name) => (connection[name] === undefined ? [] : [[name, connection[name]] as const])));
  const fields = describeConfig(aliyunProviderConfigSchema).filter(
    ({ name }) =>
      name === SOURCE_FIELD ||
      (CONNECTION_FIELDS.some((each) => each === name) && !secrets.has(name as (typeof CONNECTION_FIELDS)[number])),
  );
  const texts: Readonly<Record<string, string | undefined>> = connection;
  return changedProvider(
    former,
    fields.map((field) => ({ field, text: texts[field.name] ?? '' })),
    secrets,
  );
}

/** What is offered for each field: what is stored, else what the environment or the provider says. Secrets are never offered. */
export function presetsOf({ environment }: Pick<CliContext, 'environment'>, former: ProviderView | undefined): Connection {
  const offered: Readonly<Record<string, unknown>> = { ...environmentConnection(environment), ...former?.fields };
  return Object.fromEntries(
    CONNECTION_FIELDS.filter((name) => !SECRET_FIELDS.includes(name)).flatMap((name) => {
      const text = offered[name];
      return typeof text === 'string' ? [[name, text]] : [];
    }),
  );
}
