import { once } from 'node:events';
import type { CommandContext } from '@sandport/http-service';
import { readConfig } from '../config/read-config.ts';
import { Executor } from '../executor.ts';
import { makeLog } from '../make-log.ts';
import { ownVersion } from '../version.ts';

/** Serves until it is told to stop. */
export async function serve({ environment, signal }: CommandContext, configFile: string | undefined): Promise<void> {
  const config = readConfig({ file: configFile, environment });
  const log = makeLog(config);
  const executor = await Executor.start({ config, log, version: ownVersion() });
  log.info({ address: executor.address, provider: config.provider.id }, 'listening');
  if (config.tokensFile === undefined)
    log.warn('there is no file of tokens: nobody may call. Make one by "sandport-executor token create".');
  if (config.open.ragflow) log.warn('/run is open: whoever reaches this address runs code.');
  if (!signal.aborted) await once(signal, 'abort');
  await executor.stop();
}
