import { readFileSync } from 'node:fs';
import { describeIssue, jsonObjectSchema, SandboxError, type JsonObject, type JsonValue } from '@sandport/core';
import type { z } from 'zod';
import { configFieldPlaces, type ConfigFieldPlace } from './config-fields.ts';

/** Where a configuration comes from. */
export interface ConfigSources {
  /** Path of a JSON file. */
  readonly file: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a configuration looks like. */
export interface ConfigShape<Config> {
  readonly schema: z.ZodType<Config>;
  /** What the variables that override its fields begin with, for example `SANDPORT_EXECUTOR`. */
  readonly variablePrefix: string;
}

/**
 * The configuration: what the file says, and over it what the environment says.
 *
 * @throws SandboxError `CONFIG_INVALID` naming the field, the variable or the file. Values are not quoted.
 */
export function readServiceConfig<Config>({ file, environment }: ConfigSources, { schema, variablePrefix }: ConfigShape<Config>): Config {
  let document: JsonObject = file === undefined ? {} : readDocument(file);
  for (const place of configFieldPlaces(schema, variablePrefix)) {
    const text = environment[place.variable];
    if (text !== undefined && text !== '') document = withMember(document, place.path, valueOf(place, text));
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'config');
  throw invalid(`${field}: ${message} (configuration of this service).`, `Correct "${field}" in the file or in the environment.`, {
    field,
  });
}

function readDocument(file: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(`${file}: cannot be read.`, 'Give the path of a JSON file that this user may read.', { file }, error);
  }
  const document = jsonObjectSchema.safeParse(parseJson(text));
  if (document.success) return document.data;
  throw invalid(`${file}: is not a JSON object.`, 'Write one JSON object into the file.', { file });
}

function valueOf({ variable, isJson }: ConfigFieldPlace, text: string): JsonValue {
  if (!isJson) return text;
  const value = parseJson(text);
  if (value !== undefined) return value as JsonValue;
  throw invalid(`${variable}: is not JSON.`, `Write the value of ${variable} as JSON: a number, true, false, {…} or […].`, { variable });
}

function withMember(document: JsonObject, [name, ...rest]: readonly string[], value: JsonValue): JsonObject {
  if (name === undefined) return document;
  if (rest.length === 0) return { ...document, [name]: value };
  const member = jsonObjectSchema.safeParse(document[name] ?? {});
  return { ...document, [name]: withMember(member.success ? member.data : {}, rest, value) };
}

function invalid(message: string, suggestion: string, details: JsonObject, cause?: unknown): SandboxError {
  return new SandboxError('CONFIG_INVALID', message, { operation: 'configure', suggestion, details, cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
