import { toErrorPayload, type ExecutionResult } from '@sandport/core';
import type { FastifyRequest } from 'fastify';
import type { Service } from '../server/service.ts';

/** The same call; what came of it is counted and written into the log. Programs and their output are only where the operator wants them there. */
export function observed(
  { config, metrics }: Pick<Service, 'config' | 'metrics'>,
  request: FastifyRequest,
  run: () => Promise<ExecutionResult>,
): () => Promise<ExecutionResult> {
  return async () => {
    if (config.log.showCode) request.log.info({ body: request.body }, 'program');
    try {
      const result = await run();
      metrics.countOutcome(result.status, result.language);
      const { status, language, clock, isolation, stdout, stderr } = result;
      request.log.info({ status, language, clock, isolation: isolation.kind, ...(config.log.showCode ? { stdout, stderr } : {}) }, 'ran');
      return result;
    } catch (error) {
      const { code, message } = toErrorPayload(error);
      metrics.countOutcome(code, 'none');
      request.log.warn({ code, problem: message }, 'not run');
      throw error;
    }
  };
}
