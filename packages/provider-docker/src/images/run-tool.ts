import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buildError } from './build-error.ts';

/** A program of this machine that helps to build images. */
export interface ToolOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Receives what the tool says, line by line. */
  readonly onLine: (line: string) => void;
  /** Receives the tool's stdout as bytes; without it, stdout is read line by line as well. */
  readonly stdoutTo?: Writable | undefined;
  readonly signal?: AbortSignal | undefined;
}

const LAST_LINES = 15;

/**
 * Runs a tool to its end.
 *
 * @throws SandboxError `PROVIDER_UNAVAILABLE` with the tool's last lines when it fails or takes too long.
 */
export async function runTool(options: ToolOptions): Promise<void> {
  const signals = [AbortSignal.timeout(options.timeoutMs), ...(options.signal === undefined ? [] : [options.signal])];
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any(signals),
  });
  const lastLines: string[] = [];
  const read = (stream: Readable): void => {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      lastLines.splice(0, lastLines.length - LAST_LINES);
      options.onLine(line);
    });
  };
  read(child.stderr);
  const copied = options.stdoutTo === undefined ? read(child.stdout) : pipeline(child.stdout, options.stdoutTo);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    const [code] = await Promise.all([exit, copied]);
    if (code !== 0) throw new Error(`exit code ${code}: ${lastLines.join('\n')}`);
  } catch (error) {
    throw buildError(`"${options.command}" failed.`, error);
  }
}
