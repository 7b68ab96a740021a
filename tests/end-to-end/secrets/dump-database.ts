import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseKind } from '../../../packages/settings/src/index.ts';

const run = promisify(execFile);
const LIMITS = { timeout: 60_000, maxBuffer: 256 * 1024 * 1024 };

/** Everything that a database holds, as its own tool writes it; of SQLite the files themselves, with what was deleted. */
export async function dumpDatabase(kind: DatabaseKind, location: string): Promise<string> {
  switch (kind) {
    case 'sqlite':
      return readdirSync(dirname(location))
        .filter((name) => name.startsWith(basename(location)) && !name.endsWith('.key'))
        .map((name) => readFileSync(join(dirname(location), name), 'latin1'))
        .join('\n');
    case 'postgres':
      return (await run('pg_dump', ['--inserts', location.replace(/^(postgres\w*:\/\/)/, 'postgresql://')], LIMITS)).stdout;
    case 'mysql':
      return dumpMysql(location);
  }
}

async function dumpMysql(location: string): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(location);
  const words = ['--host', hostname, '--port', port, '--user', decodeURIComponent(username), '--skip-ssl', pathname.slice(1)];
  const env = { ...process.env, MYSQL_PWD: decodeURIComponent(password) };
  return (await run('mariadb-dump', words, { ...LIMITS, env })).stdout;
}
