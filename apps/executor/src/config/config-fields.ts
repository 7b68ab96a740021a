import { z } from 'zod';
import { executorConfigSchema } from './executor-config.ts';

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
export function configFieldPlaces(): readonly ConfigFieldPlace[] {
  return placesIn(z.toJSONSchema(executorConfigSchema, { io: 'input' }) as JsonSchema, []);
}

function placesIn(schema: JsonSchema, path: readonly string[]): ConfigFieldPlace[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const place = [...path, name];
    if (member.properties !== undefined) return placesIn(member, place);
    return [
      {
        path: place,
        variable: variableOf(place),
        isJson: member.type !== 'string',
        description: member.description ?? '',
        fallback: member.default,
      },
    ];
  });
}

function variableOf(path: readonly string[]): string {
  return `SANDPORT_EXECUTOR_${path
    .join('_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()}`;
}
