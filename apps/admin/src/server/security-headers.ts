import type { FastifyInstance } from 'fastify';

/** What no script of a page needs. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'].map((name) => `${name}=()`).join(', ');

const YEAR_S = 31_536_000;

/** For answers that are no page. */
const NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Headers of every answer, also of refusals. A route that serves something else than answers of the API says so by its own. */
export function addSecurityHeaders(app: FastifyInstance, { isHttps }: { readonly isHttps: boolean }): void {
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy': NOTHING_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': PERMISSIONS,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(isHttps ? { 'strict-transport-security': `max-age=${YEAR_S}` } : {}),
  };
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** What a document of the page may run and be styled by, beside the files of its own server. */
export interface OwnParts {
  /** As the policy names them: `'sha256-…'`. */
  readonly scripts?: readonly string[];
  /** As the policy names them: `'nonce-…'` or `'sha256-…'`. */
  readonly styles: readonly string[];
}

/** The policy of a document of the page: its own files, its own server, and those parts within it that are known. */
export function pagePolicy({ scripts = [], styles }: OwnParts): string {
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...scripts].join(' ')}`,
    `style-src ${["'self'", ...styles].join(' ')}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
