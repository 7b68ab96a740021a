import { Buffer } from 'node:buffer';
import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { CliContext } from '../cli-context.ts';
import { usageError } from '../usage-error.ts';

/** What the program reads from its standard input, and how to let go of it. */
export interface ProgramInput extends Disposable {
  readonly stream: AsyncIterable<Uint8Array>;
}

/**
 * The input that `--stdin` names: a file, a pipe, or this command's own standard input. It is read only as fast as the program reads, and nothing
 * is read before the program runs.
 */
export async function openProgramInput({ stdin }: CliContext, source: string, programFile: string): Promise<ProgramInput> {
  if (source !== '-') {
    await checkReadable(source);
    return inputFrom(() => createReadStream(source));
  }
  if (programFile === '-') {
    throw usageError('--stdin: standard input holds the program already.', 'Give the program, or its input, as a file.');
  }
  return inputFrom(() => stdin);
}

function inputFrom(open: () => Readable): ProgramInput {
  let opened: Readable | undefined;
  return {
    stream: {
      async *[Symbol.asyncIterator]() {
        opened = open();
        // Streams of bytes; tests may feed text.
        for await (const chunk of opened as AsyncIterable<Uint8Array | string>)
          yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      },
    },
    // An input that still waits for somebody to type would keep the process alive.
    [Symbol.dispose]: () => void opened?.destroy(),
  };
}

async function checkReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    if (!(await stat(path)).isDirectory()) return;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw usageError(`--stdin: "${path}" cannot be read${code}.`, 'Check the path and that you may read the file.', error);
  }
  throw usageError(`--stdin: "${path}" is a folder.`, 'Name a file, or - for the input of this command.');
}
