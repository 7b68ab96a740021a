import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { registerRagflowRoutes, type RagflowRoutesOptions } from '../src/ragflow/ragflow-routes.ts';

/** The routes on a port of their own. */
export interface RagflowServer extends AsyncDisposable {
  readonly url: string;
  readonly app: FastifyInstance;
}

/** Starts a service that has nothing but these routes. */
export async function startRagflowServer(
  options: Partial<RagflowRoutesOptions> & Pick<RagflowRoutesOptions, 'run'>,
): Promise<RagflowServer> {
  const app = fastify({ forceCloseConnections: true });
  registerRagflowRoutes(app, { tenantOf: () => 'default', ...options });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, app, [Symbol.asyncDispose]: () => app.close() };
}
