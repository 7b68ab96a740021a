import { executeOnce, parseExecutionRequest, type ExecutionRequest, type ExecutionRequestInput } from '@sandport/core';
import { type App, ServiceProblem } from '@sandport/http-service';
import type { FastifyRequest } from 'fastify';
import { requestWithinToken } from '../access/token-policy.ts';
import { observed } from '../executions/observe-execution.ts';
import type { Service } from '../server/service.ts';
import { registerRagflowRoutes } from './ragflow-routes.ts';

/** Whose a call is that needs no token. */
const ANYBODY = { tokenId: 'ragflow', tenant: 'default' } as const;

/** The route of RAGFlow's executor manager. Its health routes are the executor's own. */
export function ragflowRoutes(app: App, service: Service): void {
  const { config, provider } = service;
  registerRagflowRoutes(app, {
    hasHealthRoutes: false,
    runConfig: { scope: config.open.ragflow ? 'open' : 'ragflow' },
    timeoutMs: config.ragflow.timeoutMs,
    memoryBytes: provider.capabilities.limits.memory ? config.ragflow.memoryBytes : null,
    maxBodyBytes: config.limits.bodyBytes,
    isRateLimit: (error) => error instanceof ServiceProblem && error.problem.code === 'TOO_MANY_REQUESTS',
    tenantOf: (request) => request.access?.tenant ?? ANYBODY.tenant,
    run: async (input, { signal, tenant, request }) => {
      const execution = service.executions.begin({ tokenId: request.access?.token.id ?? ANYBODY.tokenId, tenant });
      try {
        const anySignal = AbortSignal.any([signal, execution.signal]);
        return await observed(service, request, () =>
          executeOnce(provider, requestFor(request, { ...input, tenant }), { signal: anySignal }),
        )();
      } finally {
        execution.end();
      }
    },
  });
}

function requestFor({ access }: FastifyRequest, input: ExecutionRequestInput): ExecutionRequest {
  const request = parseExecutionRequest(input);
  return access === null ? request : requestWithinToken(access.token, request);
}
