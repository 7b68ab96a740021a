import { z } from 'zod';
import { emptyAnswer, jsonAnswer, type Answer } from '../../http/answer.ts';
import type { Call, OperationHandler } from '../call.ts';
import { findE2bFault } from '../e2b-fault.ts';
import type { E2bControlOperation } from '../e2b-operation.ts';
import { HttpError, sandboxUnknown } from '../service-error.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import { checkTimeout, createSandbox } from './create-sandbox.ts';
import { listSandboxes } from './list-sandboxes.ts';
import { parseBody } from './parse-body.ts';
import { connectionFields, detailFields, metricFields } from './sandbox-fields.ts';

/** Lifetime of a connection that names none, in seconds. */
const DEFAULT_CONNECT_SECONDS = 300;

const timeoutSchema = z.looseObject({ timeout: z.number().int().min(0) });
const connectSchema = z.looseObject({ timeout: z.number().int().min(0).nullish(), memory: z.boolean().nullish() });
const pauseSchema = z.looseObject({ memory: z.boolean().nullish() });
const networkSchema = z.looseObject({ allow_internet_access: z.boolean().nullish() });

/** The sandbox that the path names. */
const named = (call: Call): E2bSandbox => call.state.sandboxes.get(call.route.sandboxId ?? '');

/** Resumes one that is paused; of one that runs, only lengthens the life. */
function connectSandbox(call: Call): Answer {
  const sandbox = named(call);
  const { timeout, memory } = parseBody(connectSchema, call.request.body);
  const endAtMs = call.state.settings.now() + checkTimeout(call, timeout ?? DEFAULT_CONNECT_SECONDS) * 1_000;
  if (sandbox.state === 'running') {
    sandbox.endAtMs = Math.max(sandbox.endAtMs, endAtMs);
    return jsonAnswer(200, connectionFields(call, sandbox));
  }
  sandbox.resume(memory !== false);
  sandbox.endAtMs = endAtMs;
  return jsonAnswer(201, connectionFields(call, sandbox));
}

async function killSandbox(call: Call): Promise<Answer> {
  const sandbox = named(call);
  if (findE2bFault(call.faults, 'ignored-kill') === undefined) await call.state.sandboxes.end(sandbox);
  return emptyAnswer(204);
}

function setSandboxTimeout(call: Call): Answer {
  const sandbox = named(call);
  const { timeout } = parseBody(timeoutSchema, call.request.body);
  if (sandbox.state === 'paused') throw sandboxUnknown(sandbox.id);
  sandbox.endAtMs = call.state.settings.now() + checkTimeout(call, timeout) * 1_000;
  return emptyAnswer(204);
}

function pauseSandbox(call: Call): Answer {
  const sandbox = named(call);
  const { memory } = parseBody(pauseSchema, call.request.body);
  if (sandbox.state === 'paused') throw new HttpError(409, `Sandbox "${sandbox.id}" is already paused`);
  sandbox.pause(memory !== false);
  return emptyAnswer(204);
}

function updateNetwork(call: Call): Answer {
  const sandbox = named(call);
  const { allow_internet_access: allowInternetAccess, ...network } = parseBody(networkSchema, call.request.body);
  sandbox.allowInternetAccess = allowInternetAccess ?? sandbox.allowInternetAccess;
  sandbox.network = network;
  return emptyAnswer(204);
}

/** What the control plane does. */
export const controlOperations: Readonly<Record<E2bControlOperation, OperationHandler>> = {
  CreateSandbox: createSandbox,
  ConnectSandbox: connectSandbox,
  ListSandboxes: listSandboxes,
  GetSandbox: (call) => jsonAnswer(200, detailFields(call, named(call))),
  KillSandbox: killSandbox,
  SetTimeout: setSandboxTimeout,
  PauseSandbox: pauseSandbox,
  GetMetrics: (call) => {
    void named(call);
    return jsonAnswer(200, [metricFields(call.state.settings.now())]);
  },
  UpdateNetwork: updateNetwork,
};
