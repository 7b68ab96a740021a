import type { ConfigField, ProviderDescription } from '@sandport/admin-api';
import type { RJSFSchema } from '@rjsf/utils';

/** How a field is edited. */
export type FieldControl = 'text' | 'long-text' | 'number' | 'choice' | 'switch' | 'secret' | 'list' | 'json';

/** What the page needs of a JSON Schema's property. */
interface PropertySchema {
  readonly type?: string;
  readonly pattern?: string;
  readonly items?: unknown;
}

/** Fields that can be changed here, in their order. */
export function editableFields(fields: readonly ConfigField[]): readonly ConfigField[] {
  return fields.filter((field) => field.scope === 'runtime');
}

/** The control for a field, by what its schema takes. */
export function controlOf(field: ConfigField, schema: ProviderDescription['schema']): FieldControl {
  const property = propertyOf(schema, field.name);
  if (field.secret) return 'secret';
  if (field.options !== undefined) return 'choice';
  switch (field.type) {
    case 'boolean':
      return 'switch';
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
      // The text of a PEM file has lines.
      return property.pattern?.includes('-----') === true ? 'long-text' : 'text';
    case 'json':
      return property.type === 'array' && isScalar(property.items) ? 'list' : 'json';
  }
}

/**
 * The schema of the form: what can be changed here, without defaults, so that what nobody has chosen is stored nowhere. Secrets have a field each and are kept elsewhere: they are never part of the
 * form's data.
 */
export function formSchemaOf({ fields, schema }: Pick<ProviderDescription, 'fields' | 'schema'>): RJSFSchema {
  const editable = editableFields(fields);
  const required = editable.filter((field) => field.required && !field.secret).map((field) => field.name);
  const properties = editable.map((field) => {
    const {
      default: _default,
      title: _title,
      description: _description,
      ...rest
    } = propertyOf(schema, field.name) as Record<string, unknown>;
    return [field.name, field.secret ? { type: 'string' } : rest] as const;
  });
  const definitions = schema['$defs'];
  return {
    type: 'object',
    additionalProperties: false,
    required,
    properties: Object.fromEntries(properties),
    ...(definitions === undefined ? {} : { $defs: definitions }),
  } as RJSFSchema;
}

/** The schema of one property; an empty one where the server told none. */
function propertyOf(schema: ProviderDescription['schema'], name: string): PropertySchema {
  const properties = schema['properties'];
  if (!isRecord(properties)) return {};
  const property = properties[name];
  return isRecord(property) ? property : {};
}

function isScalar(items: unknown): boolean {
  return isRecord(items) && ['string', 'number', 'integer'].includes(String(items['type']));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
