import { describeConfig, type JsonValue, type ProviderDefinition } from '@sandport/core';
import type { ProviderView } from '@sandport/settings';

/** One field of a provider's configuration, as it may be shown. */
export interface FieldView {
  readonly name: string;
  /** `null` for secrets, and for fields that are not set and have no default. */
  readonly value: JsonValue;
  readonly isDefault: boolean;
  /** Whether a secret is stored, and how; `null` for fields that are no secret. */
  readonly secret: 'sealed' | 'clear' | 'not set' | null;
}

/** A provider's configuration, as it may be shown. */
export interface ProviderDescription {
  readonly id: string;
  readonly displayName: string;
  /** Whether this command carries it. Of others only their sealed fields are known. */
  readonly isCarried: boolean;
  readonly fields: readonly FieldView[];
  /** What is wrong with the row; `null` when nothing is. */
  readonly problem: string | null;
}

/** What is stored of a provider, with the defaults of what is not. */
export function describeProvider(definitions: readonly ProviderDefinition[], view: ProviderView): ProviderDescription {
  const definition = definitions.find(({ id }) => id === view.id);
  const { id, problem } = view;
  if (definition === undefined) return { id, displayName: id, isCarried: false, fields: foreignSecrets(view), problem };
  // Nobody knows what a row that cannot be read says of a field.
  const fields = problem !== null && Object.keys({ ...view.fields, ...view.secrets }).length === 0 ? [] : carriedFields(definition, view);
  return { id, displayName: definition.displayName, isCarried: true, fields, problem };
}

function carriedFields({ configSchema }: ProviderDefinition, { fields, secrets }: ProviderView): FieldView[] {
  return describeConfig(configSchema).flatMap(({ name, secret, default: byDefault }): FieldView[] => {
    if (secret) return [{ name, value: null, isDefault: false, secret: secrets[name] ?? 'not set' }];
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value !== undefined) return [{ name, value, isDefault: false, secret: null }];
    return byDefault === undefined ? [] : [{ name, value: byDefault, isDefault: true, secret: null }];
  });
}

function foreignSecrets({ secrets }: ProviderView): FieldView[] {
  return Object.entries(secrets).map(([name, secret]) => ({ name, value: null, isDefault: false, secret }));
}
