import { randomUUID } from 'node:crypto';
import { SandboxError, type CallOptions } from '@sandport/core';
import type {
  DeleteResult,
  EditResult,
  ExecuteResponse,
  FileDownloadResponse,
  FileUploadResponse,
  GlobResult,
  GrepResult,
  LsResult,
  ReadRawResult,
  ReadResult,
  SandboxBackendProtocolV2,
  WriteResult,
} from 'deepagents';
import { checkBackendOptions, type CheckedBackendOptions, type SandboxBackendOptions } from './backend-options.ts';
import { FileOperations } from './files/file-operations.ts';
import { SandboxFiles } from './files/sandbox-files.ts';
import { downloadFile, uploadFile } from './files/transfer.ts';
import { currentSignal } from './sandbox/current-signal.ts';
import { KeptSandbox } from './sandbox/kept-sandbox.ts';
import { commandProblem, runCommand } from './sandbox/shell-command.ts';
import { toldFailure } from './sandbox/told-failure.ts';

/**
 * Makes a sandbox and gives it to deepagents as a backend. Close it when the agent is done.
 *
 * @throws SandboxError `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` when the provider has no Python, no shell or keeps no files; `REQUEST_INVALID` naming the option;
 *   whatever the provider throws when it makes a sandbox.
 */
export async function createSandboxBackend(options: SandboxBackendOptions, call: CallOptions = {}): Promise<SandboxBackend> {
  const checked = checkBackendOptions(options);
  const sandbox = new KeptSandbox(checked);
  try {
    await sandbox.start(call);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return new KeptSandboxBackend(sandbox, checked);
}

/**
 * One sandbox as deepagents has it: a shell, and files by the paths that the shell sees. Commands begin in {@link SandboxBackend.workFolder}; other folders can be read,
 * and most of them not written.
 *
 * What cannot be done is told in `error`, and a failure of Sandport's own by its code; the whole of it goes to `onFailure`. Every call obeys the signal of the run that it
 * belongs to, and rejects with `CANCELLED` when that fires before anything was started. A sandbox that has ended is told once and replaced by an empty one.
 */
export interface SandboxBackend extends SandboxBackendProtocolV2, AsyncDisposable {
  /** Name of this backend, also where its sandbox is replaced. */
  readonly id: string;
  /** Absolute path of the folder in which commands begin and files belong. */
  readonly workFolder: string;
  /**
   * Runs a command of `bash`, or `sh` where there is none. `exitCode` is that of the shell, 128 and its number for a signal that ended it, and `null` when the command did
   * not come to an end of its own: then `output` says why. `truncated` says that a part of the output is missing; a line in its midst says how much.
   */
  execute(command: string): Promise<ExecuteResponse>;
  /** Lists a folder, folders with `/` at their ends. */
  ls(path: string): Promise<LsResult>;
  /** Reads lines of a text, or all bytes of a file that is none. @param offset First line, from 0. @default 0 @param limit Number of lines. @default 500 */
  read(filePath: string, offset?: number, limit?: number): Promise<ReadResult>;
  /** Reads a whole file: a text as a string, anything else as bytes. */
  readRaw(filePath: string): Promise<ReadRawResult>;
  /** Searches lines for a literal text. @param glob Name of the files, or their path below `path` where it has a `/`. @param maxCount 1000 at most. */
  grep(pattern: string, path?: string | null, glob?: string | null, maxCount?: number | null): Promise<GrepResult>;
  /** Finds files by a pattern of their path below `path`, or of their whole path where it begins with `/`. @param path Where to look. @default the work folder */
  glob(pattern: string, path?: string): Promise<GlobResult>;
  /** Writes a file, with the folders that lead to it. For images, sound, video and PDF `content` is base64, as everywhere in deepagents. */
  write(filePath: string, content: string): Promise<WriteResult>;
  /** Replaces a text that is in the file once, or every time. */
  edit(filePath: string, oldString: string, newString: string, replaceAll?: boolean): Promise<EditResult>;
  /** Deletes a file, or a folder with all that is in it. A link is deleted as a link. */
  delete(filePath: string): Promise<DeleteResult>;
  /** Writes files of 32 MiB at most. @throws SandboxError for what has no code of the protocol, for example a full disk. */
  uploadFiles(files: [string, Uint8Array][]): Promise<FileUploadResponse[]>;
  /** Reads files of `fileBytes` at most. @throws SandboxError for what has no code of the protocol. */
  downloadFiles(paths: string[]): Promise<FileDownloadResponse[]>;
  /** Ends the sandbox and what runs in it. Idempotent. @throws SandboxError what the provider throws. */
  close(): Promise<void>;
}

class KeptSandboxBackend implements SandboxBackend {
  readonly id = `sandport-${randomUUID()}`;
  readonly #sandbox: KeptSandbox;
  readonly #options: CheckedBackendOptions;
  readonly #operations: FileOperations;
  readonly #files: SandboxFiles;

  constructor(sandbox: KeptSandbox, options: CheckedBackendOptions) {
    this.#sandbox = sandbox;
    this.#options = options;
    this.#operations = new FileOperations(sandbox, options);
    this.#files = new SandboxFiles(this.#operations, options);
  }

  get workFolder(): string {
    return this.#sandbox.workFolder;
  }

  async execute(command: string): Promise<ExecuteResponse> {
    const untold = (output: string): ExecuteResponse => ({ output, exitCode: null, truncated: false });
    const problem = commandProblem(command);
    if (problem !== undefined) return untold(`${problem}. Nothing was run.`);
    return this.#tell((call) => runCommand(this.#sandbox, command, this.#options, call), untold);
  }

  ls(path: string): Promise<LsResult> {
    return this.#tell((call) => this.#files.ls(path, call), asError);
  }

  read(filePath: string, offset = 0, limit = 500): Promise<ReadResult> {
    return this.#tell((call) => this.#files.read(filePath, offset, limit, call), asError);
  }

  readRaw(filePath: string): Promise<ReadRawResult> {
    return this.#tell((call) => this.#files.readRaw(filePath, call), asError);
  }

  grep(pattern: string, path?: string | null, glob: string | null = null, maxCount: number | null = null): Promise<GrepResult> {
    return this.#tell((call) => this.#files.grep(pattern, path ?? this.workFolder, glob, maxCount, call), asError);
  }

  glob(pattern: string, path?: string): Promise<GlobResult> {
    return this.#tell((call) => this.#files.glob(pattern, path ?? this.workFolder, call), asError);
  }

  write(filePath: string, content: string): Promise<WriteResult> {
    return this.#tell((call) => this.#files.write(filePath, content, call), asError);
  }

  edit(filePath: string, oldString: string, newString: string, replaceAll = false): Promise<EditResult> {
    return this.#tell((call) => this.#files.edit(filePath, oldString, newString, replaceAll, call), asError);
  }

  delete(filePath: string): Promise<DeleteResult> {
    return this.#tell((call) => this.#files.delete(filePath, call), asError);
  }

  async uploadFiles(files: [string, Uint8Array][]): Promise<FileUploadResponse[]> {
    const responses: FileUploadResponse[] = [];
    for (const [path, content] of files) responses.push(await uploadFile(this.#operations, path, content, ambientCall()));
    return responses;
  }

  async downloadFiles(paths: string[]): Promise<FileDownloadResponse[]> {
    const responses: FileDownloadResponse[] = [];
    for (const path of paths) responses.push(await downloadFile(this.#operations, path, this.#options.fileBytes, ambientCall()));
    return responses;
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What Sandport could not do is told to the model; nobody waits for a call that was withdrawn, and who closed the backend knows it. */
  async #tell<Result>(action: (call: CallOptions) => Promise<Result>, tell: (sentence: string) => Result): Promise<Result> {
    try {
      return await action(ambientCall());
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code === 'CANCELLED' || this.#sandbox.isClosed) throw error;
      this.#options.onFailure(error);
      return tell(toldFailure(error));
    }
  }
}

function ambientCall(): CallOptions {
  return { signal: currentSignal() };
}

function asError(sentence: string): { error: string } {
  return { error: sentence };
}
