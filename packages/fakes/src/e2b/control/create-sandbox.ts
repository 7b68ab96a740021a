import { z } from 'zod';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonAnswer, type Answer } from '../../http/answer.ts';
import { findE2bFault } from '../e2b-fault.ts';
import type { Call } from '../call.ts';
import { HttpError } from '../service-error.ts';
import { makeSandboxId } from '../state/sandbox-store.ts';
import { parseBody } from './parse-body.ts';
import { connectionFields } from './sandbox-fields.ts';

/** Lifetime of a sandbox whose creation names none, in seconds. */
const DEFAULT_SECONDS = { v1: 15, v2: 300 } as const;

const texts = z.record(z.string(), z.string());

const creationSchema = z.looseObject({
  templateID: z.string().min(1),
  timeout: z.number().int().min(0).nullish(),
  metadata: texts.nullish(),
  envVars: texts.nullish(),
  secure: z.boolean().nullish(),
  allow_internet_access: z.boolean().nullish(),
  network: z.record(z.string(), z.unknown()).nullish(),
  autoPause: z.boolean().nullish(),
});

/** Refuses a lifetime that is longer than any may be. */
export function checkTimeout(call: Call, seconds: number): number {
  const { maxLifetimeSeconds } = call.state.settings;
  if (seconds > maxLifetimeSeconds) throw new HttpError(400, `Timeout cannot be greater than ${maxLifetimeSeconds} seconds`);
  return seconds;
}

export async function createSandbox(call: Call): Promise<Answer> {
  const { settings, sandboxes } = call.state;
  const dialect = call.route.dialect ?? 'v2';
  const input = parseBody(creationSchema, call.request.body);
  const template = settings.templates.find(({ name, templateId }) => [name, templateId].includes(input.templateID));
  if (template === undefined) throw new HttpError(404, `Template '${input.templateID}' not found`);
  const sandbox = await sandboxes.create({
    sandboxId: makeSandboxId(),
    template,
    dialect,
    timeoutSeconds: checkTimeout(call, input.timeout ?? DEFAULT_SECONDS[dialect]),
    metadata: input.metadata ?? {},
    variables: input.envVars ?? {},
    // The second version secures all, whatever it is asked for.
    isSecured: dialect === 'v2' || input.secure === true,
    autoPause: input.autoPause ?? false,
    allowInternetAccess: input.allow_internet_access ?? undefined,
    network: input.network ?? undefined,
  });
  const slow = findE2bFault(call.faults, 'slow-creation');
  if (slow !== undefined) await sleep(slow.delayMs, undefined, { ref: false });
  return jsonAnswer(201, connectionFields(call, sandbox));
}
