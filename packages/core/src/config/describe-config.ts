import { z } from 'zod';
import { SandboxError } from '../errors/sandbox-error.ts';
import type { JsonValue } from '../json.ts';
import { configFields, type ConfigFieldMetadata } from './config-field.ts';

/** What a field counts, as the ending of its name says. */
export type ConfigFieldUnit = 'ms' | 'bytes' | 'hours';

const UNIT_ENDINGS: readonly (readonly [RegExp, ConfigFieldUnit])[] = [
  [/Ms$/, 'ms'],
  [/(?:B|^b)ytes$/, 'bytes'],
  [/(?:H|^h)ours$/, 'hours'],
];

/** A configuration field as a form needs it. */
export interface ConfigFieldDescription extends Required<Pick<ConfigFieldMetadata, 'label' | 'help' | 'secret' | 'scope'>> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'json';
  /** What a number counts; `undefined` when it is a mere number, or none. */
  readonly unit: ConfigFieldUnit | undefined;
  readonly required: boolean;
  readonly default: JsonValue | undefined;
  readonly options: readonly string[] | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly placeholder: string | undefined;
}

const propertySchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.json().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const objectSchema = z.object({
  additionalProperties: z.literal(false),
  properties: z.record(z.string(), propertySchema),
  required: z.array(z.string()).default([]),
});

/**
 * The fields of a strict configuration schema, in their order, with what each registered in {@link configFields}.
 *
 * @throws SandboxError `INTERNAL` when the schema is not a strict object or a field has no metadata.
 */
export function describeConfig(schema: z.ZodType): ConfigFieldDescription[] {
  if (!(schema instanceof z.ZodObject)) throw undescribed('The configuration schema is not an object.');
  const json = objectSchema.safeParse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  if (!json.success) throw undescribed('The configuration schema is not a strict object.', json.error);
  const { properties, required } = json.data;
  return Object.entries(schema.shape).map(([name, field]) => {
    const metadata = configFields.get(field);
    if (metadata === undefined) throw undescribed(`The configuration field "${name}" has no label and help.`);
    return describeField(name, metadata, properties[name] ?? {}, required.includes(name));
  });
}

function describeField(
  name: string,
  metadata: ConfigFieldMetadata,
  property: z.output<typeof propertySchema>,
  required: boolean,
): ConfigFieldDescription {
  const type = fieldTypeOf(property.type, metadata);
  return {
    name,
    label: metadata.label,
    help: metadata.help,
    secret: metadata.secret ?? false,
    scope: metadata.scope ?? 'runtime',
    type,
    unit: type === 'integer' || type === 'number' ? UNIT_ENDINGS.find(([ending]) => ending.test(name))?.[1] : undefined,
    required,
    default: property.default,
    options: property.enum,
    min: property.minimum,
    max: property.maximum,
    placeholder: metadata.placeholder,
  };
}

function fieldTypeOf(type: string | undefined, metadata: ConfigFieldMetadata): ConfigFieldDescription['type'] {
  if (metadata.secret === true) return 'string';
  return type === 'string' || type === 'integer' || type === 'number' || type === 'boolean' ? type : 'json';
}

function undescribed(message: string, cause?: unknown): SandboxError {
  return new SandboxError('INTERNAL', message, {
    suggestion: 'Use z.strictObject and register each field in configFields.',
    ...(cause === undefined ? {} : { cause }),
  });
}
