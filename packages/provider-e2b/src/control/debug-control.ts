import type { ServiceControl } from '../sandbox/service-control.ts';
import type { ConnectedSandbox, KnownSandbox } from './control-schemas.ts';
import type { SandboxPage } from './control-client.ts';
import { DialectKeeper } from './dialect.ts';

/** As the SDK calls it in debug mode. */
const DEBUG_SANDBOX_ID = 'debug_sandbox_id';
/** As the SDK takes it to be in debug mode. */
const DEBUG_ENVD_VERSION = '99.99.99';

/** Stands for the control plane where there is none: the one sandbox of a developer's own machine, which nobody makes and nobody ends. */
export class DebugControl implements ServiceControl {
  readonly dialect = new DialectKeeper('v2');

  createSandbox(): Promise<ConnectedSandbox> {
    return Promise.resolve({ sandboxID: DEBUG_SANDBOX_ID, envdVersion: DEBUG_ENVD_VERSION });
  }

  connectSandbox(): Promise<ConnectedSandbox> {
    return this.createSandbox();
  }

  getSandbox(): Promise<KnownSandbox> {
    return Promise.resolve({ sandboxID: DEBUG_SANDBOX_ID, state: 'running' });
  }

  listSandboxes(): Promise<SandboxPage> {
    return Promise.resolve({ sandboxes: [], nextToken: undefined });
  }

  killSandbox(): Promise<void> {
    return Promise.resolve();
  }

  setTimeout(): Promise<void> {
    return Promise.resolve();
  }
}
