import { parseServerUrl } from '../server/parse-server-url.ts';
import { describeAddress, type ServerAddress } from '../server/server-address.ts';
import { ServerDatabase, type ServerDatabaseOptions } from '../server/server-database.ts';
import type { SettingsDatabase } from '../settings-database.ts';
import { judgePostgres, toPostgresError } from './postgres-errors.ts';
import { POSTGRES_PORT } from './postgres-port.ts';

/** What the URL of a PostgreSQL database begins with. */
export const POSTGRES_SCHEMES: readonly string[] = ['postgres', 'postgresql'];

/** How a PostgreSQL database is opened: by a URL or by the parts of one. */
export type PostgresDatabaseOptions = ServerDatabaseOptions & ({ readonly url: string } | { readonly address: ServerAddress });

/**
 * A PostgreSQL database. Nothing is connected or loaded before the first call.
 *
 * @throws SandboxError `REQUEST_INVALID` for a URL that cannot be read. It never shows the URL.
 */
export function openPostgresDatabase(options: PostgresDatabaseOptions): SettingsDatabase {
  const address = 'url' in options ? parseServerUrl(options.url, POSTGRES_SCHEMES, 'url') : options.address;
  return new ServerDatabase(
    {
      kind: 'postgres',
      location: describeAddress('postgres', address, POSTGRES_PORT),
      connect: async (signal) => {
        const { connectPostgres } = await import('./postgres-connection.ts');
        return connectPostgres(address, signal);
      },
      judge: judgePostgres,
      toError: toPostgresError,
    },
    options,
  );
}
