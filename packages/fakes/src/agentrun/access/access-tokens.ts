import { randomBytes } from 'node:crypto';
import type { Caller, TokenResource } from './caller.ts';

/** How long a token is good; the service does not say. */
const TOKEN_LIFETIME_MS = 3_600_000;

interface IssuedToken {
  readonly accountId: string;
  readonly resource: TokenResource;
  readonly expiresAtMs: number;
}

/** The access tokens that GetAccessToken gave out. */
export class AccessTokens {
  readonly #tokens = new Map<string, IssuedToken>();

  issue(accountId: string, resource: TokenResource, nowMs: number): string {
    const token = randomBytes(24).toString('base64url');
    this.#tokens.set(token, { accountId, resource, expiresAtMs: nowMs + TOKEN_LIFETIME_MS });
    return token;
  }

  /** The caller who has this token, unless it is unknown or over. */
  find(token: string, nowMs: number): Caller | undefined {
    const issued = this.#tokens.get(token);
    if (issued === undefined || nowMs >= issued.expiresAtMs) return undefined;
    return { authentication: 'access-token', accountId: issued.accountId, resource: issued.resource };
  }
}
