import type { AccountRecord, PeopleStore, TokenRecord } from '@sandport/settings';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Doorkeeper } from './check-access.ts';
import { csrfTokenOf, isSame } from './csrf-token.ts';
import { digestOf, makeSecret } from './secret.ts';
import type { HiddenCookie } from './hidden-cookie.ts';
import type { LiveSession, Visitor } from './visitor.ts';

/** How long sessions last. */
export interface SessionTimes {
  /** Without being used. */
  readonly idleMs: number;
  /** Whatever happens. */
  readonly absoluteMs: number;
}

/** What sessions are kept by. */
export interface SessionOptions {
  readonly people: PeopleStore;
  readonly cookie: HiddenCookie;
  readonly times: SessionTimes;
  readonly now: () => number;
}

/** How often it is written down that something was used. */
const USE_STEP_MS = 60_000;

const SECRET = /^[\w-]{43}$/;

/** What API tokens begin with, so that tools that look for secrets in the wrong place find them. */
const TOKEN_BEGINNING = 'sp_';

const TOKEN = /^sp_[\w-]{43}$/;

/** The longest name that the audit takes. */
const MAX_ACTOR_LENGTH = 255;

/** Sessions of accounts, and API tokens: how those who have entered are known again. Only digests are stored. */
export class Sessions implements Doorkeeper {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Begins a session with a new secret, and ends the one that the browser had. */
  async begin(
    account: AccountRecord,
    { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  ): Promise<LiveSession> {
    const { people, cookie, times, now } = this.#options;
    const former = request.visitor?.session;
    const secret = makeSecret();
    const csrfToken = csrfTokenOf(secret);
    const digest = digestOf(secret);
    const nowMs = now();
    const idleEndsAtMs = nowMs + Math.min(times.idleMs, times.absoluteMs);
    const endsAtMs = nowMs + times.absoluteMs;
    await people.createSession({
      digest,
      accountId: account.id,
      csrfDigest: digestOf(csrfToken),
      createdAtMs: nowMs,
      endsAtMs,
      idleEndsAtMs,
    });
    if (former !== undefined) await people.endSession(former.digest);
    cookie.set(reply, secret, times.absoluteMs);
    return { digest, csrfToken, idleEndsAtMs };
  }

  async end({ digest }: LiveSession, reply: FastifyReply): Promise<void> {
    await this.#options.people.endSession(digest);
    this.#options.cookie.clear(reply);
  }

  async findBySession(
    request: FastifyRequest,
    { isUse, signal }: { readonly isUse: boolean; readonly signal: AbortSignal },
  ): Promise<Visitor | undefined> {
    const { people, cookie, times, now } = this.#options;
    const secret = cookie.read(request);
    if (secret === undefined || !SECRET.test(secret)) return undefined;
    const nowMs = now();
    const found = await people.findSession(digestOf(secret), nowMs, { signal });
    if (found === undefined) return undefined;
    const { session, account } = found;
    const csrfToken = csrfTokenOf(secret);
    if (!isSame(digestOf(csrfToken), session.csrfDigest)) return undefined;
    const extendedMs = Math.min(nowMs + times.idleMs, session.endsAtMs);
    const isWorthIt = isUse && extendedMs >= session.idleEndsAtMs + Math.min(USE_STEP_MS, times.idleMs / 2);
    if (isWorthIt) await people.extendSession(session.digest, extendedMs, { signal });
    return {
      caller: { kind: 'account', id: account.id, name: account.name, role: account.role },
      session: { digest: session.digest, csrfToken, idleEndsAtMs: isWorthIt ? extendedMs : session.idleEndsAtMs },
    };
  }

  async findByToken(text: string, signal: AbortSignal): Promise<Visitor | undefined> {
    const { people, now } = this.#options;
    if (!TOKEN.test(text)) return undefined;
    const nowMs = now();
    const token = await people.findToken(digestOf(text), nowMs, { signal });
    if (token === undefined) return undefined;
    if (token.lastUsedAtMs === null || nowMs >= token.lastUsedAtMs + USE_STEP_MS) await people.touchToken(token.id, nowMs, { signal });
    return { caller: { kind: 'token', id: token.id, name: nameOfToken(token), role: token.role } };
  }
}

/** A new API token. */
export function makeToken(): string {
  return `${TOKEN_BEGINNING}${makeSecret()}`;
}

function nameOfToken({ name, createdBy }: TokenRecord): string {
  const whole = `token "${name}" of ${createdBy}`;
  return whole.length <= MAX_ACTOR_LENGTH ? whole : `${whole.slice(0, MAX_ACTOR_LENGTH - 1).toWellFormed()}…`;
}
