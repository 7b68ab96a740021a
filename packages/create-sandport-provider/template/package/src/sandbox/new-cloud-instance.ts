import type { Language } from '@sandport/core';
import {
  checkGuest,
  GuestTunnel,
  prepareGuest,
  readBootOutput,
  RemoteFailure,
  retrySafely,
  ServiceWitness,
  SupervisorConnection,
  withDeadline,
  type BootOutput,
  type RemoteInstance,
  type SupervisedInstance,
} from '@sandport/provider-kit';
import { NEW_CLOUD_TERMS, PROVIDER_ID } from '../new-cloud-errors.ts';
import type { MadeSandbox, SandboxService } from '../service/sandbox-service.ts';
import { guestExchange } from './guest-exchange.ts';

const BOOT_TIMEOUT_MS = 30_000;
/** What the way there and back may take. */
const ANSWER_DELAY_MS = 500;

/** `filtered`: the network is taken from programs, also where they cannot have a user of their own. */
const PROGRAM_NETWORK = 'filtered';
/** No field of the configuration chooses it. */
const NETWORK_WORDS = { field: 'programNetwork', open: 'open', openWhere: 'in a provider that lets it be chosen' };

/** A sandbox whose supervisor waits for a job. */
export type NewCloudInstance = SupervisedInstance & RemoteInstance;

/**
 * Brings our supervisor into a sandbox in which nothing has run.
 *
 * @throws RemoteFailure; SandboxError `RUNTIME_MISSING` (no Node for JavaScript, no Python that is new enough), `ISOLATION_MISMATCH` (the network cannot be taken from programs), `DEADLINE_EXCEEDED`, `CANCELLED`.
 */
export async function openInstance(
  service: SandboxService,
  { id, endsAtMs }: MadeSandbox,
  language: Language,
  signal: AbortSignal,
): Promise<NewCloudInstance> {
  const booted = await boot(service, id, language, signal);
  const secret = checkGuest(NEW_CLOUD_TERMS, booted, PROGRAM_NETWORK, NETWORK_WORDS);
  const { folder, hardening = [] } = booted.facts;
  const tunnel = new GuestTunnel({ exchange: guestExchange({ service, sandboxId: id, folder, secret }), isConcurrent: true });
  return {
    id,
    language,
    limits: {},
    connection: new SupervisorConnection(NEW_CLOUD_TERMS, tunnel),
    // What was taken from programs was measured inside before any ran. What separates sandboxes is for the service to say.
    isolation: { kind: 'remote', measuredBy: service.measuredBy, hardening },
    outlivesConnection: false,
    endsPrograms: true,
    witness: new ServiceWitness((own) => service.hasSandbox(id, own)),
    answerDelayMs: ANSWER_DELAY_MS,
    tunnel,
    madeAtMs: Date.now(),
    endsAtMs,
  };
}

/** When it is unclear whether a supervisor was started, another one is: nobody knows the secret of the first. */
async function boot(service: SandboxService, id: string, language: Language, signal: AbortSignal): Promise<BootOutput> {
  const deadline = { timeoutMs: BOOT_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'start supervisor' };
  return withDeadline(deadline, (own) =>
    retrySafely(
      async () => {
        const program = await prepareGuest({ language, programNetwork: PROGRAM_NETWORK });
        const said = readBootOutput(await service.runPython(id, program, own));
        if (said === undefined) throw new RemoteFailure({ action: 'RunPython', kind: 'unreadable' }, 'service');
        return said;
      },
      { signal: own },
    ),
  );
}
