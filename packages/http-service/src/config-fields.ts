import { z } from 'zod';

/** Every field, as the variable that overrides it, for a help text. */
export function describeConfigVariables(schema: z.ZodType, variablePrefix: string): string {
  const lines = configFieldPlaces(schema, variablePrefix).map(({ path, variable, description, fallback }) => {
    const standard = fallback === undefined ? '' : ` [${JSON.stringify(fallback)}]`;
    return `  ${variable}\n      ${path.join('.')}: ${description}${standard}`;
  });
  return `Fields of the configuration, and the variables that override them. Values are JSON,\nbut for text, which is written as it is:\n${lines.join('\n')}`;
}

/** One field of the configuration that has a value of its own. */
export interface ConfigFieldPlace {
  /** Its place, for example `listen.port`. */
  readonly path: readonly string[];
  /** The environment variable that overrides it. */
  readonly variable: string;
  /** Whether the variable's value is JSON; else it is the text itself. */
  readonly isJson: boolean;
  readonly description: string;
  /** What it is when nobody says. */
  readonly fallback: unknown;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
}

/** Every field that a variable can override, in the order of the schema. */
export function configFieldPlaces(schema: z.ZodType, variablePrefix: string): readonly ConfigFieldPlace[] {
  return placesIn(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, [], variablePrefix);
}

function placesIn(schema: JsonSchema, path: readonly string[], variablePrefix: string): ConfigFieldPlace[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const place = [...path, name];
    if (member.properties !== undefined) return placesIn(member, place, variablePrefix);
    return [
      {
        path: place,
        variable: `${variablePrefix}_${variableOf(place)}`,
        isJson: member.type !== 'string',
        description: member.description ?? '',
        fallback: member.default,
      },
    ];
  });
}

function variableOf(path: readonly string[]): string {
  return path
    .join('_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();
}
