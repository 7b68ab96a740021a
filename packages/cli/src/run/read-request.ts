import { extname } from 'node:path';
import { jsonObjectSchema, REQUEST_LIMITS, type ExecutionRequestInput, type JsonObject, type Language } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { decodeText, readLocalFile, readStandardInput } from '../given-bytes.ts';
import { usageError } from '../usage-error.ts';
import { readEnvironment } from './read-environment.ts';
import { readInputFiles } from './read-input-files.ts';

/** What of the command line describes the program and what it is given. */
export interface RequestOptions {
  readonly args?: string;
  readonly argsFile?: string;
  readonly language?: string;
  /** In milliseconds. */
  readonly timeout?: number;
  /** In bytes. */
  readonly memory?: number;
  /** A number of processors. */
  readonly cpus?: number;
  /** `PATH=LOCAL`, of files and of folders. */
  readonly file: readonly string[];
  /** `NAME=VALUE` or `NAME`. */
  readonly env: readonly string[];
}

const LANGUAGE_OF_ENDING: Readonly<Record<string, Language>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
};

/** Reads everything that the command line names into one request. */
export async function readRequest(context: CliContext, file: string, options: RequestOptions): Promise<ExecutionRequestInput> {
  const language = options.language ?? languageOf(file);
  const programArguments = await readArguments(options);
  const files = await readInputFiles(options.file);
  const environment = readEnvironment(context, options.env);
  const { codeBytes } = REQUEST_LIMITS;
  const bytes = file === '-' ? await readStandardInput(context, codeBytes, 'program') : await readLocalFile(file, codeBytes);
  const code = decodeText(file, bytes);
  return {
    code,
    language,
    arguments: programArguments,
    files,
    environment,
    limits: { timeoutMs: options.timeout, memoryBytes: options.memory, cpus: options.cpus },
  };
}

function languageOf(file: string): string {
  if (file === '-') return 'python';
  const language = LANGUAGE_OF_ENDING[extname(file).toLowerCase()];
  if (language !== undefined) return language;
  throw usageError(
    `The language of "${file}" does not follow from its ending.`,
    'Say --language python or --language javascript, or name the file .py, .js, .mjs or .cjs.',
  );
}

async function readArguments({ args, argsFile }: RequestOptions): Promise<JsonObject> {
  if (args !== undefined && argsFile !== undefined) {
    throw usageError('--args and --args-file: only one of them can be given.', 'Leave one of them out.');
  }
  if (args !== undefined) return parseArguments('--args', args);
  if (argsFile === undefined) return {};
  return parseArguments('--args-file', decodeText(argsFile, await readLocalFile(argsFile, REQUEST_LIMITS.argumentsBytes)));
}

function parseArguments(option: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error);
    throw usageError(`${option}: is not valid JSON (${finding}).`, `Write an object, for example ${option} '{"name": "value"}'.`, error);
  }
  const parsed = jsonObjectSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw usageError(`${option}: must be a JSON object.`, `Name each argument, for example '{"name": "value"}'.`, parsed.error);
}
