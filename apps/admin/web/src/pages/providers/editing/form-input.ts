import type { ConfigField, ProviderDescription } from '@sandport/admin-api';

/** A document as the API has it. */
export type Config = NonNullable<ProviderDescription['stored']>['config'];

/** What becomes of a secret: it stays as it is stored, a new one takes its place, or it goes. */
export type SecretChange = { readonly act: 'keep' } | { readonly act: 'replace'; readonly value: string } | { readonly act: 'clear' };

/** Everything that was entered into the form of a provider. */
export interface FormInput {
  /** Fields that can be changed here and are no secrets. */
  readonly config: Config;
  /** Only those that do not stay as they are. */
  readonly secrets: Readonly<Record<string, SecretChange>>;
}

/** What the form shows before anything is entered. */
export function storedInput({ fields, stored }: Pick<ProviderDescription, 'fields' | 'stored'>): FormInput {
  const shown = new Set(fields.filter((field) => field.scope === 'runtime' && !field.secret).map((field) => field.name));
  return { config: Object.fromEntries(Object.entries(stored?.config ?? {}).filter(([name]) => shown.has(name))), secrets: {} };
}

/** Names of the fields in which input differs from what is stored. */
export function changedFields(stored: FormInput, input: FormInput): string[] {
  const names = new Set([...Object.keys(stored.config), ...Object.keys(input.config)]);
  const values = [...names].filter((name) => !isSameValue(stored.config[name], input.config[name]));
  const secrets = Object.entries(input.secrets).flatMap(([name, change]) => (change.act === 'keep' ? [] : [name]));
  return [...values, ...secrets];
}

/**
 * What somebody changed, made on other ground: fields that `mine` has changed from `before` are as in `mine`, all others as in `onto`.
 */
export function takeOver(before: Config, mine: Config, onto: Config): Config {
  const changed = new Set(changedFields({ config: before, secrets: {} }, { config: mine, secrets: {} }));
  const kept = Object.entries(onto).filter(([name]) => !changed.has(name));
  const taken = Object.entries(mine).filter(([name]) => changed.has(name));
  return Object.fromEntries([...kept, ...taken]);
}

/** What is sent of the form: the whole configuration, new secrets in it, and the names of those that stay. */
export function providerChange(
  { fields, stored }: Pick<ProviderDescription, 'fields' | 'stored'>,
  { config, secrets }: FormInput,
): { config: Config; keep: string[] } {
  const secretFields = fields.filter((field) => field.secret).map((field) => field.name);
  const replaced = secretFields.flatMap((name): (readonly [string, string])[] => {
    const change = secrets[name];
    return change?.act === 'replace' && change.value !== '' ? [[name, change.value]] : [];
  });
  const keep = secretFields.filter((name) => {
    const change = secrets[name];
    const isStored = stored !== null && Object.hasOwn(stored.secrets, name);
    return isStored && (change === undefined || change.act === 'keep' || (change.act === 'replace' && change.value === ''));
  });
  return { config: { ...config, ...Object.fromEntries(replaced) }, keep };
}

/** Required secrets that would be missing. */
export function missingSecrets({ fields, stored }: Pick<ProviderDescription, 'fields' | 'stored'>, { secrets }: FormInput): ConfigField[] {
  return fields.filter((field) => {
    if (!field.secret || !field.required || field.scope !== 'runtime') return false;
    const change = secrets[field.name];
    if (change?.act === 'clear') return true;
    if (change?.act === 'replace' && change.value !== '') return false;
    return stored === null || !Object.hasOwn(stored.secrets, field.name);
  });
}

/** Whether two values are the same document, whatever the order of their members. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : part,
    ) ?? ''
  );
}
