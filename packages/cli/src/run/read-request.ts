import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { jsonObjectSchema, REQUEST_LIMITS, SandboxError, type ExecutionRequestInput, type JsonObject, type Language } from '@sandport/core';
import type { CliContext } from '../cli-context.ts';
import { usageError } from '../usage-error.ts';

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
  readonly file: readonly string[];
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
  const files = await readFiles(options.file);
  const code = decode(file, file === '-' ? await readStandardInput(context) : await readLocal(file, REQUEST_LIMITS.codeBytes));
  return {
    code,
    language,
    arguments: programArguments,
    files,
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
  return parseArguments('--args-file', decode(argsFile, await readLocal(argsFile, REQUEST_LIMITS.argumentsBytes)));
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

async function readFiles(assignments: readonly string[]): Promise<Readonly<Record<string, Uint8Array>>> {
  const files = new Map<string, Uint8Array>();
  for (const assignment of assignments) {
    const separator = assignment.indexOf('=');
    const [path, local] = [assignment.slice(0, separator), assignment.slice(separator + 1)];
    if (separator < 1 || local === '') {
      throw usageError(
        `--file: "${assignment}" is not PATH=LOCAL.`,
        'Name the path in the sandbox and the local file: --file data.csv=./sales.csv',
      );
    }
    if (files.has(path)) throw usageError(`--file: "${path}" is given twice.`, 'Give each path in the sandbox once.');
    files.set(path, await readLocal(local, REQUEST_LIMITS.filesBytes));
  }
  return Object.fromEntries(files);
}

/** Reads a file of the person's; at most one byte more than the limit, which the request's own check then refuses. */
async function readLocal(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path, 'r');
    const { size } = await handle.stat();
    if (size > maxBytes) throw usageError(`"${path}" has ${size} bytes; the most is ${maxBytes}.`, 'Give a smaller file.');
    return await handle.readFile();
  } catch (error) {
    if (SandboxError.isInstance(error)) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw usageError(`"${path}" cannot be read${code}.`, 'Check the path and that you may read the file.', error);
  }
}

async function readStandardInput({ stdin, signal }: CliContext): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Uint8Array | string>) {
      const bytes = Buffer.from(chunk);
      sizeBytes += bytes.length;
      if (sizeBytes > REQUEST_LIMITS.codeBytes) {
        throw usageError(`Standard input has more than ${REQUEST_LIMITS.codeBytes} bytes.`, 'Give a smaller program.');
      }
      chunks.push(bytes);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SandboxError('CANCELLED', 'Interrupted before the program was read.', { cause: error });
  }
  return Buffer.concat(chunks);
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw usageError(`"${name}" is not text in UTF-8.`, 'Save it as UTF-8.', error);
  }
}
