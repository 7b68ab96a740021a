import { capabilitiesAnswerSchema, OTHER_ROUTES, RAGFLOW_HEALTH, ROUTES, type CapabilitiesAnswer } from '@sandport/executor-api';
import type { App } from '@sandport/http-service';
import { describeRoute } from './describe-route.ts';
import { accessTo } from '../access/check-access.ts';
import { capabilitiesWithin } from '../access/capabilities-within.ts';
import type { Service } from './service.ts';

/** Routes that tell of the executor itself. */
export function serviceRoutes(app: App, { config, provider, readiness, metrics }: Service): void {
  app.get(
    ROUTES.capabilities,
    {
      config: { scope: ['read', 'execute', 'sandboxes'], answers: { 200: capabilitiesAnswerSchema } },
      schema: { ...describeRoute('capabilities', 'What this executor is, and can do for this token.') },
    },
    async (request): Promise<CapabilitiesAnswer> => ({
      service: 'sandport-executor',
      specificationVersion: 'v1',
      executor: config.name,
      providerId: provider.id,
      capabilities: capabilitiesWithin(provider.capabilities, accessTo(request).token),
    }),
  );

  for (const path of [OTHER_ROUTES.root, OTHER_ROUTES.live]) {
    app.get(path, { config: { scope: 'open' }, schema: { hide: true } }, async () => RAGFLOW_HEALTH);
  }

  app.get(
    OTHER_ROUTES.ready,
    { config: { scope: config.open.ready ? 'open' : ['read', 'execute', 'sandboxes'] }, schema: { hide: true } },
    async (_request, reply) => {
      const report = readiness.report();
      return reply.code(report.status === 'ready' ? 200 : 503).send(report);
    },
  );

  app.get(
    OTHER_ROUTES.metrics,
    { config: { scope: config.open.metrics ? 'open' : 'metrics' }, schema: { hide: true } },
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );

  app.get(OTHER_ROUTES.description, { config: { scope: ['read', 'execute', 'sandboxes'] }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
}
