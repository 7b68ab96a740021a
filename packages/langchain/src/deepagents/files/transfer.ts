import { SandboxError, type CallOptions } from '@sandport/core';
import type { FileDownloadResponse, FileOperationError, FileUploadResponse } from 'deepagents';
import type { FileOperations, FileRefusal } from './file-operations.ts';
import { pathProblem } from './file-path.ts';
import { rawSchema } from './read-answers.ts';

/** Writes one file of the developer's. @throws SandboxError for what has no code of the protocol. */
export async function uploadFile(
  operations: FileOperations,
  path: string,
  content: Uint8Array,
  call: CallOptions,
): Promise<FileUploadResponse> {
  if (pathProblem(path) !== undefined) return { path, error: 'invalid_path' };
  const { refusal } = await operations.write(path, content, call);
  return { path, error: refusal === undefined ? null : codeOf('uploadFiles', path, refusal) };
}

/** Reads one file for the developer. @throws SandboxError for what has no code of the protocol. */
export async function downloadFile(
  operations: FileOperations,
  path: string,
  fileBytes: number,
  call: CallOptions,
): Promise<FileDownloadResponse> {
  if (pathProblem(path) !== undefined) return { path, content: null, error: 'invalid_path' };
  const answer = await operations.run({ name: 'raw', path, more: { most: fileBytes }, schema: rawSchema }, call);
  if (answer.refusal !== undefined) return { path, content: null, error: codeOf('downloadFiles', path, answer.refusal) };
  return { path, content: answer.done.base64, error: null };
}

function codeOf(operation: string, path: string, { kind, message }: FileRefusal): FileOperationError {
  if (kind !== 'refused') return kind;
  throw new SandboxError('REQUEST_INVALID', `${path}: ${message}.`, {
    operation,
    suggestion: 'The files before it were done; this one and those after it were not.',
    details: { field: path },
  });
}
