import { Validator, type OutputUnit, type SchemaDraft } from '@cfworker/json-schema';
import type { JsonObject, JsonValue } from '@sandport/core';
import { refusedOption } from '../option-errors.ts';
import type { SchemaIssue, StandardSchema } from './standard-schema.ts';

/** Values of each kind: a schema that cannot be read shows with one of them, before any program has run. */
const PROBES: readonly JsonValue[] = [null, true, 0, '', [null], { name: null }];

/**
 * A schema for {@link createAgentStep} from JSON Schema, for contracts that are stored as data. References are followed within the document only. Default values
 * and formats change nothing.
 *
 * @param draft Draft of JSON Schema that the document is written in. @default '2020-12'
 * @throws SandboxError `REQUEST_INVALID` for a document that is no schema.
 */
export function schemaFromJson(document: JsonObject, draft: SchemaDraft = '2020-12'): StandardSchema<JsonValue> {
  const validator = checkedValidator(document, draft);
  return {
    '~standard': {
      version: 1,
      validate: (value) => {
        const { valid, errors } = validator.validate(value);
        return valid ? { value } : { issues: innermost(errors).map(issueOf) };
      },
    },
  };
}

function checkedValidator(document: JsonObject, draft: SchemaDraft): Validator {
  try {
    const validator = new Validator(document, draft, false);
    for (const probe of PROBES) validator.validate(probe);
    return validator;
  } catch (error) {
    throw refusedOption('document', `is no JSON Schema: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Findings that are not merely that something within them was found. */
function innermost(errors: readonly OutputUnit[]): OutputUnit[] {
  const found = errors.filter(({ keywordLocation }) => !errors.some((other) => other.keywordLocation.startsWith(`${keywordLocation}/`)));
  return found.length === 0 ? [...errors] : found;
}

function issueOf({ instanceLocation, error }: OutputUnit): SchemaIssue {
  const path = instanceLocation.split('/').slice(1);
  return { message: error, path: path.map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')) };
}
