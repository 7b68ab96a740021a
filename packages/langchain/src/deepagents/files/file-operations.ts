import { randomBytes } from 'node:crypto';
import { SandboxError, type CallOptions, type JsonObject } from '@sandport/core';
import { z } from 'zod';
import { OUTPUT_MARGIN_BYTES, type CheckedBackendOptions } from '../backend-options.ts';
import { FILE_PROGRAM } from '../programs/file-program.ts';
import { whyNotCompleted } from '../sandbox/ended-program.ts';
import type { KeptSandbox } from '../sandbox/kept-sandbox.ts';

/** Bytes of JSON that listings and searches may take besides files. */
const LISTING_BYTES = 8 * 1024 * 1024;

const refusalSchema = z.strictObject({
  refusal: z.strictObject({
    kind: z.enum(['file_not_found', 'permission_denied', 'is_directory', 'invalid_path', 'refused']),
    message: z.string().max(10_000),
  }),
});

const doneSchema = z.strictObject({ done: z.unknown() });

/** What an operation itself says no to: a file is not there, or too large. */
export type FileRefusal = z.output<typeof refusalSchema>['refusal'];

/** An operation's answer. */
export type FileAnswer<Done> = { readonly done: Done; readonly refusal?: never } | { readonly done?: never; readonly refusal: FileRefusal };

/** One operation of the program in the sandbox. */
export interface FileOperation<Schema extends z.ZodType> {
  readonly name: 'ls' | 'raw' | 'read' | 'glob' | 'grep' | 'write' | 'edit' | 'delete';
  readonly path: string;
  readonly more?: JsonObject;
  /** What it answers when it was done. */
  readonly schema: Schema;
}

/** Operations on files of the sandbox, by the paths that its commands see. */
export class FileOperations {
  readonly #sandbox: KeptSandbox;
  readonly #options: CheckedBackendOptions;

  constructor(sandbox: KeptSandbox, options: CheckedBackendOptions) {
    this.#sandbox = sandbox;
    this.#options = options;
  }

  /** @throws SandboxError as a sandbox does; `RESPONSE_INVALID` for an answer of another shape. */
  async run<Schema extends z.ZodType>(
    { name, path, more = {}, schema }: FileOperation<Schema>,
    call: CallOptions,
    files: Readonly<Record<string, Uint8Array>> = {},
  ): Promise<FileAnswer<z.output<Schema>>> {
    const { timeoutMs, fileBytes } = this.#options;
    const result = await this.#sandbox.execute(
      {
        code: FILE_PROGRAM,
        language: 'python',
        arguments: { operation: name, path, ...more },
        files,
        limits: { timeoutMs, artifactCount: 0, valueBytes: Math.max(LISTING_BYTES, Math.ceil((fileBytes * 4) / 3) + OUTPUT_MARGIN_BYTES) },
      },
      call,
    );
    const problem = whyNotCompleted(result, timeoutMs);
    if (problem !== undefined || result.status !== 'completed')
      return { refusal: { kind: 'refused', message: `could not be done. ${problem}` } };
    const refused = refusalSchema.safeParse(result.value);
    if (refused.success) return refused.data;
    const done = schema.safeParse(doneSchema.safeParse(result.value).data?.done);
    if (!done.success) {
      throw new SandboxError('RESPONSE_INVALID', `The sandbox answered "${name}" in another shape.`, {
        operation: name,
        cause: done.error,
      });
    }
    return { done: done.data };
  }

  /** Writes a file, and the folders that lead to it. What was there stays until all of the new is. */
  write(path: string, content: Uint8Array, call: CallOptions): Promise<FileAnswer<object>> {
    const laid = `.sandport-${randomBytes(12).toString('hex')}`;
    return this.run({ name: 'write', path, more: { laid }, schema: z.strictObject({}) }, call, { [laid]: content });
  }
}
