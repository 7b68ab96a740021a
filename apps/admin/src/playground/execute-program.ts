import { randomUUID } from 'node:crypto';
import type { CheckedBodyOf, EventOf } from '@sandport/admin-api';
import {
  createProvider,
  encodeExecutionResult,
  executeOnce,
  parseExecutionRequest,
  requestWithinPolicy,
  SandboxError,
  type ExecutionRequest,
  type OutputListener,
} from '@sandport/core';
import { toExecutionInput } from '@sandport/executor-api';
import { scrubberOf } from '@sandport/preparation';
import type { Caller, EventHandler } from '../server/handler.ts';
import { carriedDefinition, namedByCaller } from '../service/caller-faults.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import type { ProviderLease } from '../service/warm-providers.ts';
import { withoutSecrets } from '../service/without-secrets.ts';
import { WorkDeadline } from '../service/work-deadline.ts';
import { policyInUse } from './policy-in-use.ts';

type Emit = (event: EventOf<'executeProgram'>) => Promise<void>;

/** What a call may take beside its program: waiting for a sandbox, making it, and bringing back what the program left. */
const AROUND_PROGRAM_MS = 180_000;

/** Runs a program with a stored configuration, in a sandbox of its own. */
export function executeProgram(service: SandboxService): EventHandler<'executeProgram'> {
  return async ({ body, caller, signal }, emit) => {
    const { providerId, version } = body.configuration;
    const definition = carriedDefinition(service.providers, providerId, 'configuration.providerId');
    using _slot = service.slots.take();
    const request = await allowedRequest(service, { body, caller, signal, emit });
    const { config, configDigest } = await namedByCaller(
      service.settings.openConfiguration(providerId, version, { signal }),
      'configuration.version',
    );
    await service.guard.checkAddresses(definition, config, { signal });
    using lease = service.warmProviders.lease(`${providerId} ${configDigest}`, () => createProvider(definition, config));
    try {
      await run(lease, request, { emit, signal });
    } catch (error) {
      throw withoutSecrets(error, scrubberOf(definition, config));
    }
  };
}

interface ProgramCall {
  readonly body: CheckedBodyOf<'executeProgram'>;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/** What is asked for, as far as the policy in use allows it. */
async function allowedRequest({ settings }: SandboxService, { body, caller, signal, emit }: ProgramCall): Promise<ExecutionRequest> {
  if (body.stdin === 'stream') throw inputFromNowhere();
  const onOutput: OutputListener = ({ stream, text }) => emit({ type: 'output', stream, text });
  // Two operators never share a sandbox, whatever a provider makes of tenants.
  const request = parseExecutionRequest({ ...toExecutionInput(body), tenant: `${caller.kind}-${caller.id}`, onOutput });
  const policy = policyInUse(await settings.configurations.active({ signal }));
  return policy === undefined ? request : requestWithinPolicy(policy, request);
}

async function run(
  { provider }: ProviderLease,
  request: ExecutionRequest,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
): Promise<void> {
  using deadline = new WorkDeadline(signal, request.limits.timeoutMs + (request.maxWaitMs ?? 0) + AROUND_PROGRAM_MS);
  await emit({ type: 'accepted', id: randomUUID() });
  try {
    const result = await executeOnce(provider, request, { signal: deadline.signal });
    // What `encodeExecutionResult` writes is what the schema of the event reads.
    await emit({ type: 'result', result: encodeExecutionResult(result) as ResultDocument });
  } catch (error) {
    throw deadline.explain(error);
  }
}

type ResultDocument = Extract<EventOf<'executeProgram'>, { type: 'result' }>['result'];

function inputFromNowhere(): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'stdin: must be sent along; here is no way to send it later.', {
    suggestion: 'Give the input as text or base64; nothing was run.',
    details: { field: 'stdin' },
  });
}
