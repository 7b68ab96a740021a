import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { SandboxProvider } from '@sandport/core';
import type { z } from 'zod';
import { Executor, executorConfigSchema, hashToken, makeToken, type StoredToken } from '../src/index.ts';

/** What a test says of the executor that it wants. */
export interface ExecutorUnderTestOptions {
  readonly config?: z.input<typeof executorConfigSchema>;
  readonly provider?: SandboxProvider;
  /** Tokens beside the one that may do everything for everybody. */
  readonly tokens?: readonly (Partial<StoredToken> & Pick<StoredToken, 'id'> & { readonly text: string })[];
  /** Lines of the log. */
  readonly log?: { write(line: string): void };
}

/** An executor on a free port, with its tokens in a file. */
export interface ExecutorUnderTest extends AsyncDisposable {
  readonly executor: Executor;
  readonly address: string;
  /** Good for everything, for every tenant. */
  readonly token: string;
  readonly tokensFile: string;
}

/** Starts an executor, in front of the embedded provider unless told otherwise. */
export async function startExecutorUnderTest(options: ExecutorUnderTestOptions = {}): Promise<ExecutorUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-executor-'));
  const tokensFile = join(folder, 'tokens.json');
  const token = makeToken();
  await writeFile(tokensFile, tokensDocument([{ id: 'everything', text: token }, ...(options.tokens ?? [])]));
  const config = executorConfigSchema.parse({
    provider: { id: 'wasm', config: {} },
    listen: { port: 0 },
    tokensFile,
    ...options.config,
  });
  const log = options.log === undefined ? pino({ level: 'silent' }) : pino({ level: 'trace' }, options.log);
  const executor = await Executor.start({
    config,
    log,
    version: '0.0.0',
    ...(options.provider === undefined ? {} : { provider: options.provider }),
  });
  return {
    executor,
    address: executor.address,
    token,
    tokensFile,
    async [Symbol.asyncDispose]() {
      await executor.stop(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The text of a file of tokens. */
export function tokensDocument(tokens: NonNullable<ExecutorUnderTestOptions['tokens']>): string {
  const stored = tokens.map(({ text, ...token }) => ({
    tenant: '*',
    scopes: ['execute', 'sandboxes', 'read', 'metrics', 'ragflow'],
    ...token,
    sha256: hashToken(text),
  }));
  return JSON.stringify({ tokens: stored });
}
