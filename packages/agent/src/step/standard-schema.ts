/** A finding of a schema. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema says of a value. */
export type SchemaVerdict = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

/** What is needed here of a schema of [Standard Schema](https://standardschema.dev), version 1: those of zod, Valibot, ArkType and others are such. */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly validate: (value: unknown) => SchemaVerdict | Promise<SchemaVerdict>;
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined;
  };
}

/** Values that a schema takes, before it changes anything. */
export type AcceptedBy<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['input'];

/** Whether something is a schema. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  return typeof standard === 'object' && standard !== null && typeof Reflect.get(standard, 'validate') === 'function';
}
