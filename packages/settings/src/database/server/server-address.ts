/** How the way to a server is protected. */
export type ServerTls =
  /** Nothing is encrypted: for the same machine, or a network that is trusted. */
  | 'disable'
  /** Encrypted, to whoever answers. */
  | 'no-verify'
  /** Encrypted, to a server with a certificate of a known authority, whatever name is in it. */
  | 'verify-ca'
  /** Encrypted, to a server with a certificate of a known authority for this very host. */
  | 'verify-full';

/** Where a database server is and who connects to it. */
export interface ServerAddress {
  /** Name or address of the host; or the absolute path of a Unix socket (for PostgreSQL: of the folder that it is in). */
  readonly host: string;
  /** @default 5432 for PostgreSQL, 3306 for MySQL and MariaDB */
  readonly port?: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  /** @default `disable` for this machine (a loopback address or a Unix socket), `verify-full` for any other */
  readonly tls?: ServerTls;
  /** Path of a file with the certificates of the authorities to trust, in PEM. @default those that come with Node */
  readonly certificateAuthorityFile?: string;
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Whether the host is the path of a Unix socket. */
export function isSocketPath(host: string): boolean {
  return host.startsWith('/');
}

/** How the way to this server is to be protected, when it is not said: a network is not trusted. */
export function tlsOf({ host, tls }: ServerAddress): ServerTls {
  return tls ?? (isSocketPath(host) || LOOPBACK_HOSTS.has(host) ? 'disable' : 'verify-full');
}

/** Fit to be shown: everything but the password. */
export function describeAddress(scheme: string, { host, port, user, database }: ServerAddress, defaultPort: number): string {
  const who = encodeURIComponent(user);
  const what = encodeURIComponent(database);
  if (isSocketPath(host)) return `${scheme}://${who}@/${what}?host=${host}`;
  return `${scheme}://${who}@${host.includes(':') ? `[${host}]` : host}:${port ?? defaultPort}/${what}`;
}
