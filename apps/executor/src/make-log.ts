import { pino, type DestinationStream, type Logger } from 'pino';
import type { ExecutorConfig } from './config/executor-config.ts';

/** The log: one line of JSON for each event. Headers and bodies are never given to it. */
export function makeLog({ log, name }: ExecutorConfig, destination?: DestinationStream): Logger {
  const options = { level: log.level, base: { executor: name }, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  // Written beside the work, not within it; what is left is written when the process ends by itself.
  return pino(options, destination ?? pino.destination({ sync: false }));
}
