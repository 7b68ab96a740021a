import type { Kysely } from 'kysely';
import type { Tables } from '../tables.ts';
import type { ServerLink } from './server-link.ts';

/** One open connection, as a driver and as tables. */
export interface ServerConnection {
  readonly link: ServerLink;
  readonly tables: Kysely<Tables>;
}
