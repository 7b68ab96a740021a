import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end. The command of Docker builds as it did before BuildKit, which is an extra that an engine need not have. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  const { stdout } = await execute(program, [...args], { env, cwd, maxBuffer: MAX_BUFFER_BYTES, timeout: TIMEOUT_MS });
  return stdout.trim();
}

/** All that a container has written, to both of its outputs. */
export async function readLog(container: string): Promise<string> {
  const { stdout, stderr } = await execute('docker', ['logs', container], { maxBuffer: MAX_BUFFER_BYTES, timeout: TIMEOUT_MS });
  return stdout + stderr;
}

const MAX_BUFFER_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 600_000;
