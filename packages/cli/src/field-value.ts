import type { ConfigFieldDescription, JsonValue } from '@sandport/core';
import { usageError } from './usage-error.ts';

/** The value of a configuration field, read from the text of a command line by the field's type. The schema judges the rest. */
export function parseFieldValue(field: ConfigFieldDescription, text: string): JsonValue {
  switch (field.type) {
    case 'string':
      return text;
    case 'integer':
    case 'number':
      return parseNumber(field, text);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw usageError(`${field.name}: must be true or false. Nothing was stored.`, `Write ${field.name}=true or ${field.name}=false.`);
    case 'json':
      return parseJson(field, text);
  }
}

function parseNumber(field: ConfigFieldDescription, text: string): number {
  const number = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw usageError(`${field.name}: must be a number. Nothing was stored.`, 'Write digits only, without a unit.');
}

function parseJson(field: ConfigFieldDescription, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue; // JSON.parse gives nothing but JSON.
  } catch (error) {
    throw usageError(`${field.name}: must be JSON. Nothing was stored.`, `Write ${field.name}='{"key": "value"}' or '["item"]'.`, error);
  }
}
