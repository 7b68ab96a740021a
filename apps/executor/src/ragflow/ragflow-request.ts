import { Buffer } from 'node:buffer';
import type { JsonObject } from '@sandport/core';
import { ragflowRunRequestSchema } from '@sandport/executor-api';
import { parseJson } from '@sandport/provider-kit';
import { badValue, missing, notAnObject, notJson, notOneOf, wrongType, type ValidationFinding } from './validation-answer.ts';

/** A body that was checked. */
export interface RagflowProgram {
  readonly code: string;
  readonly language: RagflowLanguage;
  readonly arguments: JsonObject;
}

/** The languages, as RAGFlow's executor manager names them. */
export type RagflowLanguage = (typeof RAGFLOW_LANGUAGES)[number];

const RAGFLOW_LANGUAGES = ['python', 'nodejs'] as const;

/** What a body turned out to be: a program, one with findings, or one whose code is no UTF-8, for which the protocol has no finding. */
export type ReadBody =
  | { readonly kind: 'program'; readonly program: RagflowProgram }
  | { readonly kind: 'invalid'; readonly findings: readonly ValidationFinding[] }
  | { readonly kind: 'not-utf8' };

/**
 * Reads the body of a run.
 *
 * @param body The bytes as they came.
 * @param isJson Whether the caller said that they are JSON.
 */
export function readRunBody(body: Uint8Array, isJson: boolean): ReadBody {
  if (body.byteLength === 0) return { kind: 'invalid', findings: [missing(['body'], null)] };
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const json = isJson ? parseJson(text) : text;
  if (json === undefined) return { kind: 'invalid', findings: [notJson()] };
  if (!isObject(json)) return { kind: 'invalid', findings: [notAnObject(json)] };
  const findings = findingsIn(json);
  const parsed = ragflowRunRequestSchema.safeParse(json);
  if (findings.length > 0 || !parsed.success) return { kind: 'invalid', findings };
  const code = decodeUtf8(Buffer.from(parsed.data.code_b64, 'base64'));
  if (code === undefined) return { kind: 'not-utf8' };
  return { kind: 'program', program: { code, language: parsed.data.language, arguments: parsed.data.arguments ?? {} } };
}

/** All that is wrong, in the order of the members: whoever gets them mends everything at once. */
function findingsIn(body: object): ValidationFinding[] {
  return [codeFinding(body), languageFinding(body), argumentsFinding(body)].filter((finding) => finding !== undefined);
}

function codeFinding(body: object): ValidationFinding | undefined {
  const code = memberOf(body, 'code_b64');
  if (code === undefined) return missing(['body', 'code_b64'], body);
  if (typeof code !== 'string') return wrongType('code_b64', 'string', code);
  const problem = describeBase64Problem(code);
  return problem === undefined ? undefined : badValue('code_b64', `Invalid base64 encoding: ${problem}`, code);
}

function languageFinding(body: object): ValidationFinding | undefined {
  const language = memberOf(body, 'language');
  const isKnown = language === undefined || RAGFLOW_LANGUAGES.some((name) => name === language);
  return isKnown ? undefined : notOneOf('language', RAGFLOW_LANGUAGES, language);
}

function argumentsFinding(body: object): ValidationFinding | undefined {
  const given = memberOf(body, 'arguments');
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) return wrongType('arguments', 'dictionary', given);
  const problem = ragflowRunRequestSchema.shape.arguments.safeParse(given).error?.issues[0]?.message;
  return problem === undefined ? undefined : badValue('arguments', problem, given);
}

/** Why a text is no base64, in Python's words, or nothing when it is. */
function describeBase64Problem(text: string): string | undefined {
  const digits = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0;
  const rest = text.slice(digits);
  if (!/^=*$/.test(rest)) return 'Only base64 data is allowed';
  if (digits % 4 === 1) {
    return `Invalid base64-encoded string: number of data characters (${digits}) cannot be 1 more than a multiple of 4`;
  }
  const padding = (4 - (digits % 4)) % 4;
  if (rest.length < padding) return 'Incorrect padding';
  return rest.length > padding ? 'Excess data after padding' : undefined;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // What was no UTF-8 has become U+FFFD, which has other bytes.
  return Buffer.from(lenient).equals(bytes) ? lenient : undefined;
}

function memberOf(body: object, name: string): unknown {
  return Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
