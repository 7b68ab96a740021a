import { describeConfig, SandboxError, type ProviderDefinition } from '@sandport/core';

/** Which fields of a provider's configuration there are, and which of them are secret. */
interface KnownFields {
  readonly plain: ReadonlySet<string>;
  readonly secret: ReadonlySet<string>;
}

/** The definitions that this program carries, asked by id. What the others' fields mean is not known here. */
export class ProviderCatalog {
  readonly #definitions: ReadonlyMap<string, ProviderDefinition>;
  readonly #fields = new Map<string, KnownFields>();

  constructor(definitions: readonly ProviderDefinition[]) {
    this.#definitions = new Map(definitions.map((definition) => [definition.id, definition]));
  }

  get ids(): readonly string[] {
    return [...this.#definitions.keys()];
  }

  find(id: string): ProviderDefinition | undefined {
    return this.#definitions.get(id);
  }

  /**
   * The definition of a provider whose configuration is to be checked.
   *
   * @throws SandboxError `PROVIDER_UNKNOWN`
   */
  get(id: string): ProviderDefinition {
    const definition = this.#definitions.get(id);
    if (definition !== undefined) return definition;
    const carried = this.ids;
    throw new SandboxError('PROVIDER_UNKNOWN', `This program does not carry the provider "${id.slice(0, 64)}".`, {
      operation: 'configure',
      suggestion:
        carried.length === 0 ? 'Hand the definitions of the providers to `openSettings`.' : `Choose one of: ${carried.join(', ')}.`,
      details: { carried: [...carried] },
    });
  }

  /** What the schema of a carried provider says of its fields; `undefined` for the others. */
  fieldsOf(id: string): KnownFields | undefined {
    const definition = this.#definitions.get(id);
    if (definition === undefined) return undefined;
    const known = this.#fields.get(id) ?? describeFields(definition);
    this.#fields.set(id, known);
    return known;
  }
}

function describeFields(definition: ProviderDefinition): KnownFields {
  const fields = describeConfig(definition.configSchema);
  const namesOf = (secret: boolean): ReadonlySet<string> =>
    new Set(fields.filter((field) => field.secret === secret).map((field) => field.name));
  return { plain: namesOf(false), secret: namesOf(true) };
}
