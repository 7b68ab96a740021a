import type { JsonObject, JsonValue } from '@sandport/core';
import { z } from 'zod';
import { refusedOption } from '../option-errors.ts';
import type { StandardSchema } from './standard-schema.ts';

/**
 * A schema for {@link createAgentStep} from JSON Schema of draft 2020-12, 7 or 4, for contracts that are stored as data. References are followed within the document
 * only.
 *
 * @throws SandboxError `REQUEST_INVALID` for a schema that cannot be kept to the letter.
 */
export function schemaFromJson(jsonSchema: JsonObject): StandardSchema<JsonValue> {
  try {
    const schema = z.fromJSONSchema(jsonSchema);
    return { '~standard': { version: 1, validate: (value) => schema['~standard'].validate(value) } };
  } catch (error) {
    throw refusedOption('jsonSchema', `cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}
