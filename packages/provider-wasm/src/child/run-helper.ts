import { spawn } from 'node:child_process';
import { wasmError } from '../wasm-errors.ts';

const MAX_OUTPUT_CHARACTERS = 4_000;

/** How a helper process is run. */
export interface HelperOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly operation: string;
  readonly signal: AbortSignal;
}

/** What a helper process said at its end. */
export interface HelperEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a short process of our own to its end; the signal kills it.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` when it cannot be started; the signal's reason.
 */
export async function runHelper({ command, args, operation, signal }: HelperOptions): Promise<HelperEnd> {
  signal.throwIfAborted();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: {}, windowsHide: true });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout = (stdout + chunk.toString('utf8')).slice(0, MAX_OUTPUT_CHARACTERS);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-MAX_OUTPUT_CHARACTERS);
  });
  const onAbort = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return { exitCode, stdout, stderr };
  } catch (error) {
    signal.throwIfAborted();
    throw wasmError('PROVIDER_UNAVAILABLE', operation, `"${command}" could not be started.`, {
      suggestion: 'Set the field "nodePath" to a plain Node.',
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
