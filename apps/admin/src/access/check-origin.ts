import { ServiceProblem } from '@sandport/http-service';
import type { FastifyRequest } from 'fastify';

/**
 * Refuses a change that a browser was led to by the page of somebody else. Programs that are no browsers send neither header.
 *
 * @throws ServiceProblem `FORBIDDEN`.
 */
export function checkOrigin({ headers, protocol }: FastifyRequest, publicOrigin: string | undefined): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw crossSite();
  const { origin } = headers;
  if (origin !== undefined && origin !== publicOrigin && origin !== `${protocol}://${headers.host}`) throw crossSite();
}

function crossSite(): ServiceProblem {
  return new ServiceProblem('FORBIDDEN', 'This change was asked for by the page of another site.');
}
