import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { SandboxError } from '@sandport/core';
import type { CliContext } from './cli-context.ts';
import { usageError } from './usage-error.ts';

/**
 * Reads a file, or a pipe, that the command line names. One with more than `maxBytes` is refused, also when it does not say how large it is.
 *
 * @param flags as of `open`
 */
export async function readLocalFile(path: string, maxBytes: number, flags: string | number = 'r'): Promise<Uint8Array> {
  try {
    await using handle = await open(path, flags);
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(path, `${size}`, maxBytes);
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw tooLarge(path, `more than ${maxBytes}`, maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (SandboxError.isInstance(error)) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw usageError(`"${path}" cannot be read${code}.`, 'Check the path and that you may read the file.', error);
  }
}

function tooLarge(path: string, bytes: string, maxBytes: number): SandboxError {
  return usageError(`"${path}" has ${bytes} bytes; the most is ${maxBytes}.`, 'Give a smaller file.');
}

/**
 * Reads standard input to its end. More than `maxBytes` is refused.
 *
 * @param what what it should hold, for errors
 */
export async function readStandardInput({ stdin, signal }: CliContext, maxBytes: number, what: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Uint8Array | string>) {
      const bytes = Buffer.from(chunk);
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw usageError(`Standard input has more than ${maxBytes} bytes.`, `Give a smaller ${what}.`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SandboxError('CANCELLED', `Interrupted before the ${what} was read.`, { cause: error });
  }
  return Buffer.concat(chunks);
}

/** The text that bytes hold. */
export function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw usageError(`"${name}" is not text in UTF-8.`, 'Save it as UTF-8.', error);
  }
}
