import { Buffer } from 'node:buffer';
import type { CallOptions } from '@sandport/core';
import { withDeadline } from '@sandport/provider-kit';
import { dockerError, PROVIDER_ID } from '../docker-errors.ts';
import { FRAME, type Frame } from '../supervisor/frame-codec.ts';
import type { SupervisorConnection } from '../supervisor/supervisor-connection.ts';
import { acknowledgeSchema, fileStartSchema, readFileFrame, writeFileFrames, type FileFailure } from '../supervisor/supervisor-messages.ts';

const FILE_TIMEOUT_MS = 30_000;

/** Linux error numbers that mean that there is no regular file to be had at a path. */
const ABSENT = new Set([2 /* ENOENT */, 20 /* ENOTDIR */, 21 /* EISDIR */, 22 /* EINVAL */, 40 /* ELOOP */]);

/** Writes and reads files of a sandbox in which no program runs. One exchange at a time. */
export class FileExchange {
  readonly #connection: SupervisorConnection;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: SupervisorConnection) {
    this.#connection = connection;
  }

  async write(path: string, content: Uint8Array, options: CallOptions): Promise<void> {
    const acknowledge = await this.#exchange('write file', writeFileFrames(path, content, false), options, (frame) =>
      frame.type === FRAME.acknowledge ? acknowledgeSchema.parse(JSON.parse(frame.payload.toString('utf8'))) : undefined,
    );
    if (acknowledge.failure !== null) throw refusedWrite(acknowledge.failure);
  }

  async read(path: string, options: CallOptions): Promise<Uint8Array> {
    let content: Buffer | undefined;
    let filled = 0;
    return this.#exchange('read file', [readFileFrame(path)], options, (frame) => {
      if (frame.type === FRAME.fileStart) {
        const start = fileStartSchema.parse(JSON.parse(frame.payload.toString('utf8')));
        if (start.failure !== null) throw refusedRead(start.failure);
        content = Buffer.alloc(start.sizeBytes);
      } else if (frame.type === FRAME.fileData && content !== undefined) {
        filled += frame.payload.copy(content, filled);
      }
      return content !== undefined && filled === content.length ? content : undefined;
    });
  }

  #exchange<Result>(
    operation: string,
    frames: readonly Uint8Array[],
    options: CallOptions,
    read: (frame: Frame) => Result | undefined,
  ): Promise<Result> {
    const deadline = { timeoutMs: FILE_TIMEOUT_MS, signal: options.signal, providerId: PROVIDER_ID, operation };
    const exchange = this.#last.then(() => withDeadline(deadline, () => this.#converse(operation, frames, read)));
    this.#last = exchange.catch(() => undefined);
    return exchange;
  }

  #converse<Result>(operation: string, frames: readonly Uint8Array[], read: (frame: Frame) => Result | undefined): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#connection.listen({
        onFrame: (frame) => {
          try {
            const result = read(frame);
            if (result !== undefined) resolve(result);
          } catch (error) {
            reject(error);
          }
        },
        onEnd: (end) =>
          reject(
            dockerError('PROVIDER_UNAVAILABLE', operation, 'The connection to the container was lost.', {
              suggestion: 'Create another sandbox.',
              cause: end.error,
            }),
          ),
      });
      this.#connection.send(frames);
    }).finally(() => this.#connection.release());
  }
}

/** The error for a file that the sandbox could not take. */
export function refusedWrite(failure: FileFailure, field = 'path'): Error {
  return dockerError('REQUEST_INVALID', 'write file', `${field}: "${failure.path}" could not be written (${failure.reason}).`, {
    suggestion: 'Choose another path, or ask for a larger "diskBytes".',
    details: { field, errno: failure.errno },
  });
}

function refusedRead(failure: FileFailure): Error {
  if (!ABSENT.has(failure.errno)) {
    return dockerError('PROVIDER_UNAVAILABLE', 'read file', `"${failure.path}" could not be read (${failure.reason}).`, {
      suggestion: 'Check the permissions that the program gave the file.',
    });
  }
  return dockerError('FILE_NOT_FOUND', 'read file', `The sandbox has no regular file "${failure.path}".`, {
    suggestion: 'Look at the path; links are not followed.',
    details: { path: failure.path },
  });
}
