import { Buffer } from 'node:buffer';
import type { CallOptions } from '@sandport/core';
import type { DeleteResult, EditResult, GlobResult, GrepResult, LsResult, ReadRawResult, ReadResult, WriteResult } from 'deepagents';
import { z } from 'zod';
import type { CheckedBackendOptions } from '../backend-options.ts';
import type { FileOperation, FileOperations, FileRefusal } from './file-operations.ts';
import { pathProblem } from './file-path.ts';
import { globExpression, globProblem, globRoot } from './glob-expression.ts';
import { binaryTypeOf, binaryTypeOfName } from './media-type.ts';
import { editSchema, fileInfosOf, globSchema, grepSchema, listingSchema, rawSchema, readResultOf, readSchema } from './read-answers.ts';
import { decodedText } from './text-decoding.ts';

/** Entries of one listing or search. */
const MAX_ENTRIES = 10_000;

/** Lines that one search finds, where the caller sets no lower number. */
const MAX_MATCHES = 1000;

/** Characters of all lines that one search finds. */
const MAX_MATCH_CHARACTERS = 1_000_000;

/** Length of a text to look for, or to put in place of another, in UTF-16 code units. */
const MAX_TEXT_CHARACTERS = 500_000;

/** Part of a call's time in which a search stops by itself, and says so. */
const SEARCH_SHARE = 0.7;

/** What is wrong, in words for a model. */
interface Problem {
  readonly error: string;
}

/** Operations on files as the framework asks for them. What cannot be done is told in `error`; only failures of Sandport's own are thrown. */
export class SandboxFiles {
  readonly #operations: FileOperations;
  readonly #options: CheckedBackendOptions;

  constructor(operations: FileOperations, options: CheckedBackendOptions) {
    this.#operations = operations;
    this.#options = options;
  }

  async ls(path: string, call: CallOptions): Promise<LsResult> {
    const answer = await this.#ask('path', { name: 'ls', path, more: { most: MAX_ENTRIES }, schema: listingSchema }, call);
    return 'error' in answer ? answer : { files: fileInfosOf(answer.done) };
  }

  async read(path: string, offset: number, limit: number, call: CallOptions): Promise<ReadResult> {
    const first = lineNumber(offset);
    const count = lineNumber(limit);
    const more = { offset: first, limit: count, most: this.#options.fileBytes };
    const answer = await this.#ask('file_path', { name: 'read', path, more, schema: readSchema }, call);
    return 'error' in answer ? answer : readResultOf(path, answer.done, first, count);
  }

  async readRaw(path: string, call: CallOptions): Promise<ReadRawResult> {
    const answer = await this.#ask('file_path', { name: 'raw', path, more: { most: this.#options.fileBytes }, schema: rawSchema }, call);
    if ('error' in answer) return answer;
    const { base64: content, changedMs, modifiedMs } = answer.done;
    const times = { created_at: new Date(changedMs).toISOString(), modified_at: new Date(modifiedMs).toISOString() };
    const text = decodedText(content);
    return {
      data:
        text === undefined
          ? { content, mimeType: binaryTypeOf(path, content), ...times }
          : { content: text, mimeType: 'text/plain', ...times },
    };
  }

  async grep(pattern: string, path: string, glob: string | null, maxCount: number | null, call: CallOptions): Promise<GrepResult> {
    const problem =
      textProblem('pattern', pattern) ?? (pattern.includes('\n') ? 'pattern: has a line break; lines are searched one by one' : undefined);
    if (problem !== undefined) return { error: problem };
    if (pattern === '') return { error: 'pattern: is empty' };
    const wrongGlob = glob === null ? undefined : globProblem(glob);
    if (wrongGlob !== undefined) return { error: `glob: ${wrongGlob}` };
    const more = {
      pattern,
      expression: glob === null ? null : globExpression(glob),
      by_path: glob?.includes('/') ?? false,
      most: Math.min(MAX_MATCHES, maxCount === null ? MAX_MATCHES : Math.max(1, lineNumber(maxCount))),
      most_characters: MAX_MATCH_CHARACTERS,
      seconds: this.#searchSeconds(),
    };
    const answer = await this.#ask('path', { name: 'grep', path, more, schema: grepSchema }, call);
    return 'error' in answer ? answer : answer.done;
  }

  async glob(pattern: string, path: string, call: CallOptions): Promise<GlobResult> {
    const problem = globProblem(pattern);
    if (problem !== undefined) return { error: `pattern: ${problem}` };
    const absolute = pattern.startsWith('/');
    const more = { expression: globExpression(pattern), absolute, most: MAX_ENTRIES, seconds: this.#searchSeconds() };
    const answer = await this.#ask('path', { name: 'glob', path: absolute ? globRoot(pattern) : path, more, schema: globSchema }, call);
    return 'error' in answer ? answer : { files: fileInfosOf(answer.done.files), truncated: answer.done.truncated };
  }

  async write(path: string, content: string, call: CallOptions): Promise<WriteResult> {
    const wrong = wrongPath('file_path', path);
    if (wrong !== undefined) return { error: wrong };
    if (typeof content !== 'string' || !content.isWellFormed()) return { error: 'content: is no text, or not well-formed Unicode' };
    const binaryType = binaryTypeOfName(path);
    // The framework hands over what is no text as base64.
    if (binaryType !== undefined && !z.base64().safeParse(content).success)
      return { error: `content: must be base64 for a file of the type ${binaryType}` };
    const { refusal } = await this.#operations.write(path, Buffer.from(content, binaryType === undefined ? 'utf8' : 'base64'), call);
    return refusal === undefined ? { path, filesUpdate: null } : toldRefusal(path, refusal);
  }

  async edit(path: string, oldString: string, newString: string, replaceAll: boolean, call: CallOptions): Promise<EditResult> {
    const problem = textProblem('old_string', oldString) ?? textProblem('new_string', newString);
    if (problem !== undefined) return { error: problem };
    const more = { old: oldString, new: newString, every: replaceAll, most: this.#options.fileBytes };
    const answer = await this.#ask('file_path', { name: 'edit', path, more, schema: editSchema }, call);
    return 'error' in answer ? answer : { path, filesUpdate: null, occurrences: answer.done.occurrences };
  }

  async delete(path: string, call: CallOptions): Promise<DeleteResult> {
    const answer = await this.#ask('file_path', { name: 'delete', path, schema: z.strictObject({}) }, call);
    return 'error' in answer ? answer : { path, filesUpdate: null };
  }

  #searchSeconds(): number {
    return (this.#options.timeoutMs / 1000) * SEARCH_SHARE;
  }

  async #ask<Schema extends z.ZodType>(
    field: string,
    operation: FileOperation<Schema>,
    call: CallOptions,
  ): Promise<{ readonly done: z.output<Schema> } | Problem> {
    const wrong = wrongPath(field, operation.path);
    if (wrong !== undefined) return { error: wrong };
    const answer = await this.#operations.run(operation, call);
    return answer.refusal === undefined ? { done: answer.done } : toldRefusal(operation.path, answer.refusal);
  }
}

function wrongPath(field: string, path: unknown): string | undefined {
  const problem = pathProblem(path);
  return problem === undefined ? undefined : `${field}: ${problem}`;
}

function toldRefusal(path: string, { message }: FileRefusal): Problem {
  return { error: message.startsWith('old_string: ') ? message : `${path}: ${message}` };
}

function textProblem(field: string, text: unknown): string | undefined {
  if (typeof text !== 'string') return `${field}: is no text`;
  if (text.length > MAX_TEXT_CHARACTERS) return `${field}: has more than ${MAX_TEXT_CHARACTERS} characters`;
  return text.isWellFormed() ? undefined : `${field}: is not well-formed Unicode`;
}

/** A number of lines, whatever a model wrote. */
function lineNumber(given: number): number {
  return Number.isFinite(given) ? Math.min(Math.max(0, Math.floor(given)), Number.MAX_SAFE_INTEGER) : 0;
}
