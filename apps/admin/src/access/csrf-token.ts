import { createHmac, timingSafeEqual } from 'node:crypto';
import { CSRF_HEADER } from '@sandport/admin-api';
import { ServiceProblem } from '@sandport/http-service';
import type { FastifyRequest } from 'fastify';
import { digestOf } from './secret.ts';
import type { LiveSession } from './visitor.ts';

/** The token that changes of a session carry. It follows from the secret of the session, which no script of a page can read, and says nothing of it. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('sandport csrf token').digest('base64url');
}

/** @throws ServiceProblem for a change with a session that does not carry the session's own token. */
export function checkCsrfToken({ headers }: FastifyRequest, session: LiveSession | undefined): void {
  const shown = headers[CSRF_HEADER];
  if (session !== undefined && typeof shown === 'string' && isSame(shown, session.csrfToken)) return;
  throw new ServiceProblem('FORBIDDEN', `The header "${CSRF_HEADER}" does not carry the token of this session: load the page again.`);
}

/** Compares in a time that says nothing of where texts differ. */
export function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(left), 'hex'), Buffer.from(digestOf(right), 'hex'));
}
