import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Executor, executorConfigSchema, hashToken, makeToken } from '@sandport/executor';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';

/** Starts a real executor with the embedded provider. It ends with the test. */
export async function openExecutor(): Promise<{ readonly address: string; readonly token: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-walk-executor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const token = makeToken();
  const tokensFile = join(folder, 'tokens.json');
  const stored = { id: 'walk', tenant: '*', sha256: hashToken(token), scopes: ['execute', 'sandboxes', 'read'] };
  await writeFile(tokensFile, JSON.stringify({ tokens: [stored] }));
  const config = executorConfigSchema.parse({ listen: { port: 0 }, tokensFile, provider: { id: 'wasm' } });
  const executor = await Executor.start({ config, log: pino({ level: 'silent' }), version: '0.0.0' });
  onTestFinished(() => executor.stop(0));
  return { address: executor.address, token };
}
