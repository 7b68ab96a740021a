import type { RouteName } from '@sandport/admin-api';
import type { Problem } from '@sandport/executor-api';
import { sendProblem } from '@sandport/http-service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import './route-config.ts';

/** Routes that answer in the predecessor's words. */
const ENVELOPED: ReadonlySet<RouteName | undefined> = new Set<RouteName>([
  'listProviders',
  'readProviderSchema',
  'readConfig',
  'writeConfig',
  'testConfig',
]);

/** Sends a problem: as it is, or in the predecessor's envelope to whoever calls one of its routes. */
export function answerAdminProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const told = { ...problem, status: statusFor(request, problem) };
  if (!ENVELOPED.has(request.routeOptions.config?.routeName)) return sendProblem(reply, told);
  const { status: code, detail: message, retryAfterMs } = told;
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  return reply.code(code).type('application/json').serializer(JSON.stringify).send({ code, message, data: null });
}

/** What is a fault of an installation where programs run by it is, here, one of what was asked for or written. */
function statusFor({ method }: FastifyRequest, { code, status }: Problem): number {
  if (code === 'PROVIDER_UNKNOWN' || code === 'CONFIG_MISSING') return 404;
  return code === 'CONFIG_INVALID' && method !== 'GET' && method !== 'HEAD' ? 422 : status;
}
