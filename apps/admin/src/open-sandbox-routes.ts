import { ConnectionGuard, type ConnectionGuardOptions } from './network/connection-guard.ts';
import { createSandboxHandlers, type SandboxRouteName } from './sandbox-handlers.ts';
import type { Handlers } from './server/handler.ts';
import { SandboxService, type SandboxServiceOptions } from './service/sandbox-service.ts';

/** What the routes of sandboxes are opened with. */
export interface OpenSandboxRoutesOptions extends Omit<SandboxServiceOptions, 'guard'> {
  /** What this process may connect to from now on, until the routes are disposed of. */
  readonly connections: ConnectionGuardOptions;
}

/** Routes that are open, with what they hold. */
export interface OpenSandboxRoutes extends AsyncDisposable {
  readonly handlers: Handlers<SandboxRouteName>;
}

/**
 * Opens the routes of sandboxes: every connection of this process is held to the rules, and what the routes keep is closed when they are disposed of, after the server has stopped.
 *
 * @throws SandboxError `CONFIG_INVALID` naming a network that is none.
 */
export function openSandboxRoutes({ connections, ...options }: OpenSandboxRoutesOptions): OpenSandboxRoutes {
  const guard = new ConnectionGuard(connections);
  const service = new SandboxService({ ...options, guard });
  const installed = guard.install();
  return {
    handlers: createSandboxHandlers(service),
    [Symbol.asyncDispose]: async () => {
      try {
        await service.close();
      } finally {
        installed[Symbol.dispose]();
      }
    },
  };
}
