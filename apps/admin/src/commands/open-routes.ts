import { homedir } from 'node:os';
import { toErrorPayload } from '@sandport/core';
import { deploymentPlaces } from '../deployment/deployment-places.ts';
import { localEngineSockets } from '../network/local-sockets.ts';
import { openSandboxRoutes } from '../open-sandbox-routes.ts';
import { providers } from '@sandport/providers';
import type { SandboxRoutesOpener } from './serve.ts';

/** Opens the routes of sandboxes with the providers of this app, and lets it connect to what its deployment names. */
export const openRoutes: SandboxRoutesOpener = ({ settings, location, config, environment, log }) => {
  const { endpoints, unixSockets } = deploymentPlaces({ config, settings: location.reveal(), environment });
  return openSandboxRoutes({
    settings,
    providers,
    connections: {
      allowedPrivateNetworks: config.allowedPrivateNetworks,
      endpoints,
      unixSockets: [...unixSockets, ...config.allowedSockets, ...localEngineSockets(environment, homedir())],
    },
    onFault: (error) => log.warn({ fault: toErrorPayload(error) }, 'a provider was not closed as it should be'),
  });
};
