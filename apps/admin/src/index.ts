export { ConnectionGuard, type ConnectionGuardOptions } from './network/connection-guard.ts';
export type { ConnectionRulesOptions, Endpoint } from './network/connection-rules.ts';
export { localEngineSockets } from './network/local-sockets.ts';
export { openSandboxRoutes, type OpenSandboxRoutes, type OpenSandboxRoutesOptions } from './open-sandbox-routes.ts';
export { createSandboxHandlers, type SandboxRouteName } from './sandbox-handlers.ts';
export type { Call, Caller, EventHandler, Handler, Handlers } from './server/handler.ts';
export { SandboxService, type SandboxServiceOptions } from './service/sandbox-service.ts';
