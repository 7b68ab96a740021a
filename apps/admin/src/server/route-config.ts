import type { RouteAccess, RouteName } from '@sandport/admin-api';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call. A route without it cannot be added. */
    access?: RouteAccess;
    /** Its name, for a route of the API. */
    routeName?: RouteName;
  }
}
