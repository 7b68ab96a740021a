import type { CheckedBodyOf, EventOf } from '@sandport/admin-api';
import { SandboxError } from '@sandport/core';
import { COMPARISON_CORPUS, compareProviders, type ComparisonSide } from '@sandport/preparation';
import type { EventHandler } from '../server/handler.ts';
import { carriedDefinition, namedByCaller } from '../service/caller-faults.ts';
import { OrderedEvents } from '../service/ordered-events.ts';
import type { SandboxService } from '../service/sandbox-service.ts';

type Reference = CheckedBodyOf<'compareConfigurations'>['left'];

/** Runs the corpus with two configurations, and tells in what they differ. */
export function compareConfigurations(service: SandboxService): EventHandler<'compareConfigurations'> {
  return async ({ body, signal }, emit) => {
    const chosen = chosenPrograms(body.programs);
    using _slot = service.slots.take();
    const left = await openSide(service, body.left, 'left', signal);
    const right = await openSide(service, body.right, 'right', signal);
    const events = new OrderedEvents<EventOf<'compareConfigurations'>>(emit);
    events.send({ type: 'began', total: chosen.length });
    const { programs, differing } = await compareProviders({
      left,
      right,
      signal,
      programs: chosen,
      onCompared: ({ program: { id, title, language }, differences, ...outcomes }) =>
        events.send({ type: 'compared', program: { id, title, language }, differences: [...differences], ...outcomes }),
    });
    events.send({ type: 'ended', programs, differing });
    await events.settled();
  };
}

async function openSide(
  { settings, providers, guard }: SandboxService,
  { providerId, version }: Reference,
  field: 'left' | 'right',
  signal: AbortSignal,
): Promise<ComparisonSide> {
  const definition = carriedDefinition(providers, providerId, `${field}.providerId`);
  const { config } = await namedByCaller(settings.openConfiguration(providerId, version, { signal }), `${field}.version`);
  await guard.checkAddresses(definition, config, { signal });
  return { definition, config };
}

/** Every program once. What is no program is told before anything begins. */
function chosenPrograms(asked: readonly string[] | undefined): readonly string[] {
  const corpus = COMPARISON_CORPUS.map(({ id }) => id);
  const unknown = asked?.findIndex((id) => !corpus.includes(id)) ?? -1;
  if (unknown === -1) return asked === undefined ? corpus : [...new Set(asked)];
  throw new SandboxError('REQUEST_INVALID', `programs.${unknown}: is no program of the corpus.`, {
    operation: 'compareConfigurations',
    suggestion: 'Choose programs that the corpus lists; nothing was run.',
    details: { field: `programs.${unknown}` },
  });
}
