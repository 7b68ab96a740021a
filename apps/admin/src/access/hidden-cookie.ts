import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A cookie that no script can read. */
export interface HiddenCookieOptions {
  readonly name: string;
  /** Whether browsers reach the server by https alone: the cookie then cannot be set by anybody but this host, nor go anywhere in the clear. */
  readonly isHttps: boolean;
  /** `lax` also comes along when another site leads here, as an OpenID Connect provider does. */
  readonly sameSite: 'strict' | 'lax';
}

/** A cookie that no script can read, of this host alone. */
export class HiddenCookie {
  readonly name: string;
  readonly #options: { readonly path: string; readonly httpOnly: true; readonly secure: boolean; readonly sameSite: 'strict' | 'lax' };

  constructor({ name, isHttps, sameSite }: HiddenCookieOptions) {
    this.name = isHttps ? `__Host-${name}` : name;
    this.#options = { path: '/', httpOnly: true, secure: isHttps, sameSite };
  }

  /** What a request shows; nothing when it is absent, or there are two of the name, of which one is somebody else's. */
  read({ headers: { cookie = '' }, server }: FastifyRequest): string | undefined {
    const shown = cookie.split(';').filter((pair) => pair.split('=', 1)[0]?.trim() === this.name);
    return shown.length === 1 ? server.parseCookie(cookie)[this.name] : undefined;
  }

  /** @param maxAgeMs Absent: until the browser ends. */
  set(reply: FastifyReply, value: string, maxAgeMs?: number): void {
    const age = maxAgeMs === undefined ? {} : { maxAge: Math.floor(maxAgeMs / 1000) };
    void reply.setCookie(this.name, value, { ...this.#options, ...age });
  }

  clear(reply: FastifyReply): void {
    void reply.setCookie(this.name, '', { ...this.#options, maxAge: 0 });
  }
}
