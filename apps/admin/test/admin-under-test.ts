import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CSRF_HEADER, pathOf, ROUTES, type PathParametersOf, type RouteName, type SessionAnswer } from '@sandport/admin-api';
import { openSqliteSettings, type StoredSettings } from '@sandport/settings';
import { pino } from 'pino';
import { Admin } from '../src/admin.ts';
import { adminConfigSchema } from '../src/config/admin-config.ts';
import type { Handlers } from '../src/server/handler.ts';
import type { ServedRouteName } from '../src/server/served-handlers.ts';
import { standInHandlers } from './server/stand-in-handlers.ts';

/** What a test says of the server that it wants. */
export interface WantedAdmin {
  /** Beside a free port. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly handlers?: Handlers<ServedRouteName>;
  readonly pageFolder?: string;
  readonly logLines?: string[];
}

/** A request, as a browser or a script would make it. */
export interface WantedRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly query?: string;
}

/** An answer, read. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A server with settings of its own, whose clock the test moves. */
export class AdminUnderTest {
  readonly admin: Admin;
  readonly settings: StoredSettings;
  readonly clock: { nowMs: number };
  readonly #folder: string;

  private constructor(admin: Admin, settings: StoredSettings, clock: { nowMs: number }, folder: string) {
    this.admin = admin;
    this.settings = settings;
    this.clock = clock;
    this.#folder = folder;
  }

  static async start({ config = {}, handlers = standInHandlers(), pageFolder, logLines }: WantedAdmin = {}): Promise<AdminUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), 'sandport-admin-'));
    const clock = { nowMs: Date.UTC(2030, 0, 1) };
    const now = (): number => clock.nowMs;
    const settings = openSqliteSettings({ path: join(folder, 'settings.sqlite'), environment: {}, now });
    const log =
      logLines === undefined
        ? pino({ level: 'error' }, pino.destination({ fd: 2, sync: true }))
        : pino({ level: 'trace' }, { write: (line) => logLines.push(line) });
    const starting = Admin.start({
      config: adminConfigSchema.parse({ ...config, listen: { port: 0, ...(config['listen'] as object | undefined) } }),
      settings,
      handlers,
      log,
      version: '0.0.0',
      pageFolder: pageFolder ?? join(folder, 'no-page'),
      now,
      // The least that the algorithm takes.
      passwordCost: { memoryKibibytes: 8, passes: 1, lanes: 1 },
    });
    try {
      return new AdminUnderTest(await starting, settings, clock, folder);
    } catch (error) {
      await settings.close();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.stop(0);
    await this.settings.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Calls a route. */
  async call(name: RouteName, { body, headers = {}, parameters = {}, query = '' }: WantedRequest = {}): Promise<ReadAnswer> {
    const path = pathOf(name, parameters as PathParametersOf<typeof name>);
    return this.fetch(ROUTES[name].method, `${path}${query}`, { body, headers });
  }

  async fetch(method: string, path: string, { body, headers = {} }: WantedRequest = {}): Promise<ReadAnswer> {
    const answer = await fetch(`${this.admin.address}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  }

  /** The secret of the link that is printed. */
  async firstSecret(): Promise<string> {
    return (await this.admin.firstAccountLink())?.split('#')[1] ?? '';
  }

  /** Makes the first account, and signs it in. */
  async enterAsFirst(name = 'root', password = PASSWORD): Promise<Entered> {
    const answer = await this.call('createFirstAccount', { body: { secret: await this.firstSecret(), name, password } });
    return enteredBy(answer);
  }

  /** Has an admin invite somebody, who sets a password and is in. */
  async enterAsInvited(admin: Entered, name: string, role: string, password = PASSWORD): Promise<Entered> {
    const invited = await this.call('inviteAccount', { body: { name, role }, headers: admin.headers });
    const { link } = JSON.parse(invited.body) as { link: string };
    return enteredBy(await this.call('redeemInvitation', { body: { secret: link.split('#')[1], password } }));
  }

  signIn(name: string, password = PASSWORD, headers: Readonly<Record<string, string>> = {}): Promise<ReadAnswer> {
    return this.call('signIn', { body: { name, password }, headers });
  }
}

export const PASSWORD = 'a long enough password';

/** Somebody who is in. */
export interface Entered {
  readonly cookie: string;
  readonly session: SessionAnswer;
  /** What the page sends along with every call. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who is in by an answer. */
export function enteredBy({ status, headers, body }: ReadAnswer): Entered {
  if (status !== 200) throw new Error(`The answer is ${status}: ${body}`);
  const session = JSON.parse(body) as SessionAnswer;
  const cookie = cookieOf(headers);
  return { cookie, session, headers: { cookie, [CSRF_HEADER]: session.csrfToken ?? '' } };
}

/** The cookie that an answer sets, as it is sent back. */
export function cookieOf(headers: Headers): string {
  return headers.getSetCookie().at(-1)?.split(';')[0] ?? '';
}
