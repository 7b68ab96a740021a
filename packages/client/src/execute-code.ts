import type { CallOptions, JsonObject } from '@sandport/core';
import type { SandboxClientOptions } from './client-options.ts';
import { createSandboxClient, type ClientResult } from './sandbox-client.ts';

/** What {@link executeCode} is told of its one program. */
interface OneProgram extends CallOptions {
  /** Any spelling of `LANGUAGE_ALIASES`. @default that of `defaults`, else 'python' */
  readonly language?: string | undefined;
  /** Wall-clock limit of the program in milliseconds. @default that of `defaults`, else 30000 */
  readonly timeoutMs?: number | undefined;
  /** Handed to the program's `main`. @default {} */
  readonly arguments?: JsonObject | undefined;
}

/** Options of {@link executeCode}: those of a client, and of its one program. */
export type ExecuteCodeOptions = SandboxClientOptions & OneProgram;

/**
 * Runs one program with a client made for it and closed after it. A program that calls often keeps a client of its own
 * ({@link createSandboxClient}), so that warm sandboxes are used again.
 *
 * @throws SandboxError as {@link createSandboxClient} and `SandboxClient.execute` do.
 */
export async function executeCode(code: string, options: ExecuteCodeOptions): Promise<ClientResult> {
  const client = createSandboxClient(options);
  try {
    const { language, timeoutMs, arguments: programArguments, signal } = options;
    return await client.execute({ code, language, arguments: programArguments, limits: { timeoutMs } }, { signal });
  } finally {
    await client.close();
  }
}
