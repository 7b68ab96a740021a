import { prepareProvider, tryConfiguration as tryStoredConfiguration } from '@sandport/preparation';
import type { EventOf } from '@sandport/admin-api';
import type { EventHandler } from '../server/handler.ts';
import { carriedDefinition, namedByCaller } from '../service/caller-faults.ts';
import { OrderedEvents } from '../service/ordered-events.ts';
import type { SandboxService } from '../service/sandbox-service.ts';

/** Tries a configuration, tells what is found as it is found, and keeps it as a passport. */
export function tryConfiguration({ settings, providers, guard, now, slots }: SandboxService): EventHandler<'tryConfiguration'> {
  return async ({ body: { providerId, version, cases }, signal }, emit) => {
    const definition = carriedDefinition(providers, providerId, 'providerId');
    using _slot = slots.take();
    const events = new OrderedEvents<EventOf<'tryConfiguration'>>(emit);
    const trial = tryStoredConfiguration(settings, {
      definition,
      version,
      signal,
      now,
      ...(cases === undefined ? {} : { cases }),
      onProgress: (progress) => events.send({ type: 'progress', ...progress }),
      onFinding: (finding) => events.send({ type: 'finding', finding }),
      prepare: async (options) => {
        await guard.checkAddresses(definition, options.config, { signal });
        return prepareProvider(options);
      },
    });
    const passport = await namedByCaller(trial, 'version');
    events.send({ type: 'passport', passport });
    await events.settled();
  };
}
