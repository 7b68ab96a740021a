import { once } from 'node:events';
import { PAGE_PATH } from '@sandport/admin-api';
import type { Secret } from '@sandport/core';
import type { CommandContext } from '@sandport/http-service';
import { createDefaultFolder, openSettings, type StoredSettings } from '@sandport/settings';
import type { FastifyBaseLogger } from 'fastify';
import { isLoopback } from '../access/check-host.ts';
import { Admin } from '../admin.ts';
import type { AdminConfig } from '../config/admin-config.ts';
import { makeLog } from '../make-log.ts';
import { providers } from '@sandport/providers';
import type { Handlers } from '../server/handler.ts';
import type { ServedRouteName } from '../server/served-handlers.ts';
import { ownVersion } from '../version.ts';
import { findConfig, type ServeOptions } from './serve-options.ts';

/** What the routes that are not about people are opened with. */
export interface SandboxRoutesOptions {
  readonly settings: StoredSettings;
  /** Where they are: path of a file, or URL of a database. It may have a password in it. */
  readonly location: Secret;
  readonly config: AdminConfig;
  readonly environment: CommandContext['environment'];
  readonly log: FastifyBaseLogger;
}

/** Routes that are open, with what they hold. */
export interface OpenSandboxRoutes extends AsyncDisposable {
  readonly handlers: Handlers<ServedRouteName>;
}

/** Opens the routes that are not about people. */
export type SandboxRoutesOpener = (options: SandboxRoutesOptions) => OpenSandboxRoutes;

/** Serves until it is told to stop. */
export async function serve(context: CommandContext, options: ServeOptions, openRoutes: SandboxRoutesOpener): Promise<void> {
  const { signal, environment } = context;
  const { config, location } = findConfig(context, options);
  const log = makeLog(config);
  createDefaultFolder(location);
  const settings = openSettings(location.address.reveal(), { providers, environment });
  try {
    await using routes = openRoutes({ settings, location: location.address, config, environment, log });
    await using admin = await Admin.start({ config, settings, handlers: routes.handlers, log, version: ownVersion() });
    log.info({ address: admin.address, settings: settings.location }, 'listening');
    if (!isLoopback(config.listen.host) && !admin.origin.startsWith('https:'))
      log.warn('others than this machine reach this address, and there is no TLS: passwords go through the network in the clear');
    await printWayIn(context, admin);
    if (!signal.aborted) await once(signal, 'abort');
    await admin.stop();
  } finally {
    await settings.close();
  }
}

async function printWayIn({ stdout }: CommandContext, admin: Admin): Promise<void> {
  stdout.write(`The admin page of Sandport: ${admin.origin}${PAGE_PATH}\n`);
  const link = await admin.firstAccountLink();
  if (link !== undefined)
    stdout.write(`Make the first account with this link, which is good until it is made or this program ends:\n  ${link}\n`);
}
