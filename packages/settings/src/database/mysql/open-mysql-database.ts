import { parseServerUrl } from '../server/parse-server-url.ts';
import { describeAddress, type ServerAddress } from '../server/server-address.ts';
import { ServerDatabase, type ServerDatabaseOptions } from '../server/server-database.ts';
import type { SettingsDatabase } from '../settings-database.ts';
import { judgeMysql, toMysqlError } from './mysql-errors.ts';
import { MYSQL_PORT } from './mysql-port.ts';

/** What the URL of a MySQL or MariaDB database begins with. */
export const MYSQL_SCHEMES: readonly string[] = ['mysql', 'mariadb'];

/** How a MySQL or MariaDB database is opened: by a URL or by the parts of one. */
export type MysqlDatabaseOptions = ServerDatabaseOptions & ({ readonly url: string } | { readonly address: ServerAddress });

/**
 * A MySQL or MariaDB database. Nothing is connected or loaded before the first call.
 *
 * @throws SandboxError `REQUEST_INVALID` for a URL that cannot be read. It never shows the URL.
 */
export function openMysqlDatabase(options: MysqlDatabaseOptions): SettingsDatabase {
  const address = 'url' in options ? parseServerUrl(options.url, MYSQL_SCHEMES, 'url') : options.address;
  return new ServerDatabase(
    {
      kind: 'mysql',
      location: describeAddress('mysql', address, MYSQL_PORT),
      connect: async (signal) => {
        const { connectMysql } = await import('./mysql-connection.ts');
        return connectMysql(address, signal);
      },
      judge: judgeMysql,
      toError: toMysqlError,
    },
    options,
  );
}
