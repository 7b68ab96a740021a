import { describeIssue, jsonObjectSchema, type JsonObject, type Language } from '@sandport/core';
import { z } from 'zod';
import type { CheckedToolOptions } from './code-tool-options.ts';

/** What a model hands to a code tool, checked. */
export interface CodeToolInput {
  readonly code: string;
  readonly language: Language;
  readonly arguments: JsonObject;
  /** Names of files that were offered. */
  readonly files: readonly string[];
}

/** Input that was checked, or what is wrong with it: one sentence that begins with the field's name. */
export type InputCheck = { readonly input: CodeToolInput; readonly problem?: never } | { readonly input?: never; readonly problem: string };

/**
 * The schema of a tool's input. Strict: a field that it does not know is refused. It can be written as JSON Schema, for a model. A tool of one language has no
 * `language`, one without offered files no `files`.
 */
export function codeToolInputSchema({ languages, files, maxCodeCharacters, state }: CheckedToolOptions): z.ZodObject {
  const names = Object.keys(files);
  const target = state === 'variables' ? 'become variables before the code runs' : 'are handed to main';
  return z.strictObject({
    code: z
      .string()
      .min(1)
      .max(maxCodeCharacters)
      .refine((text) => text.isWellFormed(), 'is not well-formed Unicode')
      .describe('Source text to run.'),
    ...(languages.length === 1 ? {} : { language: z.enum(languages).describe('Language of the code.') }),
    arguments: z
      .record(z.string(), z.unknown())
      .refine((value) => jsonObjectSchema.safeParse(value).success, 'is not a JSON object')
      .optional()
      .describe(`JSON object whose members ${target}. Data belongs here, not into the source.`),
    ...(names.length === 0
      ? {}
      : { files: z.array(z.enum(names)).max(names.length).optional().describe('Names of files to lay into the work folder first.') }),
  });
}

/** Checks what a model handed over, whatever it is. */
export function checkToolInput(raw: unknown, schema: z.ZodObject, options: CheckedToolOptions): InputCheck {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const { field, message } = describeIssue(parsed.error, 'input');
    return { problem: `${field}: ${message}.` };
  }
  const { code, language, arguments: given, files } = parsed.data;
  if (losesMember(raw)) return { problem: 'arguments: has the name "__proto__", which is not allowed.' };
  return {
    input: {
      code: String(code),
      language: options.languages.find((one) => one === language) ?? options.languages[0],
      arguments: jsonObjectSchema.parse(given ?? {}),
      files: [...new Set(Array.isArray(files) ? files.map(String) : [])],
    },
  };
}

/** zod drops the key `__proto__` of a record without a word. */
function losesMember(raw: unknown): boolean {
  const given: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'arguments') : undefined;
  return typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__');
}
