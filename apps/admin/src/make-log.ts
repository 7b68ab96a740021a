import { pino, type DestinationStream, type Logger } from 'pino';
import type { AdminConfig } from './config/admin-config.ts';

/** The log: one line of JSON for each event. Headers and bodies are never given to it. */
export function makeLog({ log }: Pick<AdminConfig, 'log'>, destination?: DestinationStream): Logger {
  const options = { level: log.level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  // Written beside the work, not within it; what is left is written when the process ends by itself. Beside what is printed for people.
  return pino(options, destination ?? pino.destination({ fd: 2, sync: false }));
}
