import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { OpenAnswers, readTls, type App } from '@sandport/http-service';
import type { StoredSettings } from '@sandport/settings';
import type { FastifyBaseLogger } from 'fastify';
import { isLoopback } from './access/check-host.ts';
import { FirstAccountDoor } from './access/first-account-door.ts';
import { HiddenCookie } from './access/hidden-cookie.ts';
import { Passwords, type PasswordCost } from './access/passwords.ts';
import { Sessions } from './access/sessions.ts';
import { SignInThrottle } from './access/sign-in-throttle.ts';
import type { AdminConfig } from './config/admin-config.ts';
import { readClientSecret } from './config/read-client-secret.ts';
import { OpenIdSignIn } from './openid/openid-sign-in.ts';
import { createPeopleHandlers } from './people/people-handlers.ts';
import { pageFactsOf } from './people/page-facts.ts';
import type { PeopleService } from './people/people-service.ts';
import { RefusalRecord } from './people/refusal-record.ts';
import { createServer } from './server/create-server.ts';
import type { Handlers } from './server/handler.ts';
import type { ServedRouteName } from './server/served-handlers.ts';
import { readPageFiles } from './served-page/page-files.ts';
import { NOT_BUILT, servePage } from './served-page/serve-page.ts';

/** What the admin app is started with. */
export interface AdminOptions {
  readonly config: AdminConfig;
  /** Whoever opened them closes them, after the stop. */
  readonly settings: Pick<StoredSettings, 'people'>;
  /** How the routes that are not about people are carried out. */
  readonly handlers: Handlers<ServedRouteName>;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** Folder of the built page. @default the one of this package */
  readonly pageFolder?: string;
  /** The time in milliseconds since the epoch. @default `Date.now` */
  readonly now?: () => number;
  /** @default what OWASP recommends */
  readonly passwordCost?: PasswordCost;
}

const OWN_PAGE_FOLDER = new URL('../dist/page', import.meta.url).pathname;

/** How often sessions and invitations whose time is over are removed. */
const CLEANING_INTERVAL_MS = 10 * 60_000;

/** The admin app, listening. */
export class Admin {
  readonly #app: App;
  readonly #answers: OpenAnswers;
  readonly #options: AdminOptions;
  readonly #firstAccount: FirstAccountDoor;
  readonly #cleaning: NodeJS.Timeout;
  #isStopping = false;
  #stopped: Promise<void> | undefined;

  private constructor(options: AdminOptions, app: App, answers: OpenAnswers, firstAccount: FirstAccountDoor) {
    this.#options = options;
    this.#app = app;
    this.#answers = answers;
    this.#firstAccount = firstAccount;
    this.#cleaning = setInterval(() => void this.#clean(), CLEANING_INTERVAL_MS).unref();
  }

  /**
   * Starts the admin app.
   *
   * @throws SandboxError `CONFIG_INVALID` for files that cannot be used, and whatever the settings throw; the system's own error when the address cannot be listened on.
   */
  static async start(options: AdminOptions): Promise<Admin> {
    const { config, log, settings, version, pageFolder = OWN_PAGE_FOLDER } = options;
    const publicUrl = config.publicUrl === undefined ? undefined : new URL(config.publicUrl);
    const isHttps = (publicUrl?.protocol ?? (config.tls === undefined ? 'http:' : 'https:')) === 'https:';
    const firstAccount = new FirstAccountDoor(settings.people);
    // Settings that cannot be used are better told of now.
    await firstAccount.isOpen();
    const files = await readPageFiles(pageFolder);
    if (files === undefined) log.warn({ pageFolder }, NOT_BUILT.trim());
    const answers = new OpenAnswers();
    const sessionCookie = new HiddenCookie({ name: 'sandport-session', isHttps, sameSite: 'strict' });
    // Made before it listens, and so before it is known where.
    const started: { admin?: Admin } = {};
    const service = assemble(options, { firstAccount, sessionCookie, isHttps, origin: () => started.admin?.origin ?? '' });
    const app = await createServer({
      handlers: { ...options.handlers, ...createPeopleHandlers(service) },
      doorkeeper: service.sessions,
      answers,
      limits: config.limits,
      tls: config.tls === undefined ? undefined : readTls(config.tls),
      trustedProxies: config.trustedProxies,
      publicUrl,
      isLoopback: isLoopback(config.listen.host),
      isHttps,
      isStopping: () => started.admin?.isStopping ?? false,
      sessionCookieName: sessionCookie.name,
      log,
      version,
      addPage: (served) =>
        servePage(served, { files, factsOf: pageFactsOf({ service, readInstallation: options.handlers.readInstallation, answers }) }),
    });
    const admin = new Admin(options, app, answers, firstAccount);
    started.admin = admin;
    try {
      await app.listen({ host: config.listen.host, port: config.listen.port });
    } catch (error) {
      await admin.stop(0);
      throw error;
    }
    return admin;
  }

  /** Where it listens. */
  get address(): string {
    const { address, port, family } = this.#app.server.address() as AddressInfo;
    const scheme = this.#options.config.tls === undefined ? 'http' : 'https';
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Where browsers reach it, without a path. */
  get origin(): string {
    const { publicUrl, listen } = this.#options.config;
    if (publicUrl !== undefined) return new URL(publicUrl).origin;
    const address = new URL(this.address);
    // No browser goes to all addresses of a machine; its own name for itself is the one that always leads there.
    if (['0.0.0.0', '::', 'localhost'].includes(listen.host)) address.hostname = 'localhost';
    return address.origin;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** The link by which the first account is made; nothing when there is one. */
  async firstAccountLink(): Promise<string | undefined> {
    return (await this.#firstAccount.isOpen()) ? this.#firstAccount.linkAt(this.origin) : undefined;
  }

  /** Takes nothing new, lets running calls finish within the grace time, and withdraws the rest. Idempotent. */
  stop(graceMs = this.#options.config.graceMs): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(0);
  }

  async #stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#cleaning);
    await until(() => this.#answers.size === 0, graceMs);
    this.#answers.withdrawAll();
    await until(() => this.#answers.size === 0, LAST_WORD_MS);
    await this.#app.close();
    this.#options.log.info('stopped');
  }

  async #clean(): Promise<void> {
    const { settings, log, now = Date.now } = this.#options;
    try {
      await settings.people.removeExpired(now());
    } catch (error) {
      log.warn({ err: error }, 'what is over could not be removed');
    }
  }
}

interface Parts {
  readonly firstAccount: FirstAccountDoor;
  readonly sessionCookie: HiddenCookie;
  readonly isHttps: boolean;
  readonly origin: () => string;
}

function assemble(
  { config, log, settings: { people }, version, now = Date.now, passwordCost }: AdminOptions,
  { firstAccount, sessionCookie, isHttps, origin }: Parts,
): PeopleService {
  const { openId } = config;
  const cookie = new HiddenCookie({ name: 'sandport-openid', isHttps, sameSite: 'lax' });
  return {
    people,
    sessions: new Sessions({ people, cookie: sessionCookie, times: config.sessions, now }),
    passwords: new Passwords(passwordCost),
    throttle: new SignInThrottle({ people, now }),
    refusals: new RefusalRecord({ people, now }),
    firstAccount,
    openId:
      openId === undefined ? undefined : new OpenIdSignIn({ config: openId, clientSecret: readClientSecret(openId), cookie, now, origin }),
    invitationMs: config.invitationMs,
    now,
    origin,
    version,
    log,
  };
}

/** Time in which withdrawn calls end and their last words are taken. */
const LAST_WORD_MS = 3000;

async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const endsAtMs = performance.now() + withinMs;
  while (!condition() && performance.now() < endsAtMs) await delay(CHECK_INTERVAL_MS);
}

const CHECK_INTERVAL_MS = 20;
