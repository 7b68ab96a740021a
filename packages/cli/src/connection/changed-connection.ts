import { describeConfig } from '@sandport/core';
import type { ProviderChange, ProviderView } from '@sandport/settings';
import { changedProvider } from '../configuration/changed-provider.ts';
import { secretFieldsOf, type Connection, type ConnectionForm, type Environment } from './connection-form.ts';

/**
 * The stored configuration with another connection, as a whole: of the former one nothing is left, not even a secret, which would belong to another key. All other fields stay.
 *
 * @throws SandboxError `CONFIG_INVALID` when what is stored cannot be kept.
 */
export function changedConnection(form: ConnectionForm, former: ProviderView | undefined, connection: Connection): ProviderChange {
  const secrets = new Map(
    secretFieldsOf(form).flatMap((name) => (connection[name] === undefined ? [] : [[name, connection[name]] as const])),
  );
  const replaced = new Set([form.resetField, ...form.fields.map(({ name }) => name)].filter((name) => !secrets.has(name)));
  return changedProvider(
    former,
    describeConfig(form.configSchema)
      .filter(({ name }) => replaced.has(name))
      .map((field) => ({ field, text: connection[field.name] ?? '' })),
    secrets,
  );
}

/** What is offered for each field beside the answers until then: what is stored, else what the environment or the provider says. Secrets are never offered. */
export function presetsOf(
  form: ConnectionForm,
  environment: Environment,
  former: ProviderView | undefined,
): (answers: Connection) => Connection {
  return (answers) => {
    const stored = former !== undefined && form.isOffered?.(former.fields, answers) !== false ? former.fields : {};
    const offered: Readonly<Record<string, unknown>> = { ...form.fromEnvironment(environment, answers), ...stored };
    return Object.fromEntries(
      form.fields
        .filter(({ isSecret }) => isSecret !== true)
        .flatMap(({ name }): [string, string][] => {
          const text = offered[name];
          return typeof text === 'string' ? [[name, text]] : [];
        }),
    );
  };
}
