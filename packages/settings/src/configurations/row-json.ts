import { jsonObjectSchema, type JsonObject } from '@sandport/core';

/** What the text of a row holds. The parser's own finding is left out, since it would quote the text. */
export type RowReading =
  | { readonly config: JsonObject; readonly problem?: undefined }
  | { readonly config?: undefined; readonly problem: 'is not valid JSON' | 'is not a JSON object' };

/** Reads the text of a row that should hold a JSON object. */
export function readRowObject(text: string): RowReading {
  const json = parseRowJson(text);
  if (json === undefined) return { problem: 'is not valid JSON' };
  const config = jsonObjectSchema.safeParse(json.value);
  return config.success ? { config: config.data } : { problem: 'is not a JSON object' };
}

/** The value that a text holds as JSON; `undefined` when it is none. */
export function parseRowJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
