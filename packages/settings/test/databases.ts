import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { DatabaseKind } from '../src/index.ts';

/** A database of a test's own. */
export interface TestDatabase {
  /** For `openDatabase`: a path, or a URL with user and password. */
  readonly location: string;
  /** Removes it with all that is in it, whoever is connected still. */
  readonly drop: () => Promise<void>;
}

/** The three databases, for `describe.each`: each `create` makes an empty one. `npm test` and `node tools/databases/main.mjs run` start the two servers. */
export const eachDatabase: readonly { readonly kind: DatabaseKind; readonly create: () => Promise<TestDatabase> }[] = [
  { kind: 'sqlite', create: createSqlite },
  { kind: 'postgres', create: createPostgres },
  { kind: 'mysql', create: createMysql },
];

function createSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'sandport-settings-'));
  const drop = () => {
    rmSync(folder, { recursive: true });
    return Promise.resolve();
  };
  return Promise.resolve({ location: join(folder, 'settings.sqlite'), drop });
}

async function createPostgres(): Promise<TestDatabase> {
  const name = freshName();
  await onPostgres(`create database ${name}`);
  return { location: urlOf(postgresUrl(), name), drop: () => onPostgres(`drop database ${name} with (force)`) };
}

async function createMysql(): Promise<TestDatabase> {
  const name = freshName();
  await onMysql(`create database ${name}`);
  return { location: urlOf(mysqlUrl(), name), drop: () => onMysql(`drop database ${name}`) };
}

/** Runs one statement as the administrator of the PostgreSQL server. */
export async function onPostgres(statement: string, database = 'postgres'): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(postgresUrl(), database) });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Runs one statement as the administrator of the MySQL server. */
export async function onMysql(statement: string, database = ''): Promise<void> {
  const connection = await mysql.createConnection({ uri: urlOf(mysqlUrl(), database) });
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

/** URL of an administrator of the PostgreSQL server. */
function postgresUrl(): string {
  return fromEnvironment('SANDPORT_TEST_POSTGRES_URL');
}

/** URL of an administrator of the MySQL or MariaDB server. */
function mysqlUrl(): string {
  return fromEnvironment('SANDPORT_TEST_MYSQL_URL');
}

/** The same server and user, and another database. */
function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

function fromEnvironment(name: string): string {
  const value = process.env[name] ?? '';
  if (value === '')
    throw new Error(`${name} is not set. Run the tests with \`node tools/databases/main.mjs run -- npx vitest run --project database\`.`);
  return value;
}

function freshName(): string {
  return `sandport_${randomBytes(6).toString('hex')}`;
}
