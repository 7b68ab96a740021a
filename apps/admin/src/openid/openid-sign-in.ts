import { API_BASE } from '@sandport/admin-api';
import { SandboxError } from '@sandport/core';
import type { PersonRole } from '@sandport/settings';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as client from 'openid-client';
import type { HiddenCookie } from '../access/hidden-cookie.ts';
import type { OpenIdConfig } from './openid-config.ts';
import { PendingSignIns } from './pending-sign-in.ts';
import { roleOfClaims } from './role-of-claims.ts';

/** Whom the provider says it is. */
export interface OpenIdPerson {
  /** Unique among all providers. */
  readonly subject: string;
  readonly name: string;
  /** Absent for somebody who may not enter. */
  readonly role: PersonRole | undefined;
}

/** What it goes by. */
export interface OpenIdOptions {
  readonly config: OpenIdConfig;
  readonly clientSecret: string | undefined;
  /** Holds what is remembered of a sign-in that was begun. It comes along when the provider leads back. */
  readonly cookie: HiddenCookie;
  readonly now: () => number;
  /** Where browsers reach this server, without a path. */
  readonly origin: () => string;
}

const PENDING_MS = 10 * 60_000;

const CALL_TIMEOUT_S = 10;

/** Sign-in by OpenID Connect: authorization code with PKCE, state and nonce, each bound to the browser that began. */
export class OpenIdSignIn {
  readonly #options: OpenIdOptions;
  readonly #pending: PendingSignIns;
  #discovered: Promise<client.Configuration> | undefined;

  constructor(options: OpenIdOptions) {
    this.#options = options;
    this.#pending = new PendingSignIns(options.now);
  }

  /** What the button says. */
  get name(): string {
    return this.#options.config.name;
  }

  /** Where to send the browser. @throws SandboxError `PROVIDER_UNAVAILABLE` */
  async begin(reply: FastifyReply): Promise<URL> {
    const { config, cookie, now } = this.#options;
    const known = await this.#discover();
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    cookie.set(reply, this.#pending.seal({ state, nonce, verifier, endsAtMs: now() + PENDING_MS }), PENDING_MS);
    return client.buildAuthorizationUrl(known, {
      redirect_uri: this.#callback().href,
      scope: config.scope,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
  }

  /**
   * Who came back; nothing when it is not who was sent, or the provider refused.
   *
   * @throws SandboxError `PROVIDER_UNAVAILABLE` when the provider does not answer as it should.
   */
  async finish(request: FastifyRequest, reply: FastifyReply): Promise<OpenIdPerson | undefined> {
    const { cookie, config } = this.#options;
    const pending = this.#pending.take(cookie.read(request));
    cookie.clear(reply);
    if (pending === undefined) return undefined;
    const known = await this.#discover();
    const returned = this.#callback();
    returned.search = new URL(request.url, returned).search;
    if (returned.searchParams.get('state') !== pending.state || !returned.searchParams.has('code')) return undefined;
    const claims = await this.#exchange(known, returned, pending);
    return { subject: `${claims.iss} ${claims.sub}`, name: nameOf(claims), role: roleOfClaims(claims, config) };
  }

  async #exchange(
    known: client.Configuration,
    returned: URL,
    { state, nonce, verifier }: { readonly state: string; readonly nonce: string; readonly verifier: string },
  ): Promise<client.IDToken> {
    try {
      const tokens = await client.authorizationCodeGrant(known, returned, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new TypeError('There is no ID token.');
      if (known.serverMetadata().userinfo_endpoint === undefined) return claims;
      return { ...(await client.fetchUserInfo(known, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      throw unavailable('The OpenID Connect provider did not confirm the sign-in.', error);
    }
  }

  #callback(): URL {
    return new URL(`${API_BASE}/openid/callback`, this.#options.origin());
  }

  /** Asked for once, and again after it failed. */
  #discover(): Promise<client.Configuration> {
    const { config, clientSecret } = this.#options;
    const issuer = new URL(config.issuer);
    this.#discovered ??= client
      .discovery(issuer, config.clientId, undefined, clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret), {
        timeout: CALL_TIMEOUT_S,
        // oxlint-disable-next-line typescript/no-deprecated -- it is marked so that nobody overlooks it: the configuration allows http on this machine alone
        execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
      })
      .catch((error: unknown) => {
        this.#discovered = undefined;
        throw unavailable('The OpenID Connect provider cannot be asked.', error);
      });
    return this.#discovered;
  }
}

function nameOf({ preferred_username: username, email, name, sub }: client.IDToken): string {
  const known = [username, email, name].find((value): value is string => typeof value === 'string' && value.trim() !== '');
  // As names of accounts may be.
  return (known ?? sub)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, MAX_NAME_LENGTH)
    .toWellFormed();
}

const MAX_NAME_LENGTH = 100;

function unavailable(message: string, cause: unknown): SandboxError {
  return new SandboxError('PROVIDER_UNAVAILABLE', message, {
    operation: 'signIn',
    suggestion: 'Begin again; if it fails again, look at "openId" in the configuration and at the log of the provider.',
    cause,
  });
}
