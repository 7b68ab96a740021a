import { z } from 'zod';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import { findFault, type Call } from './call.ts';
import { parseInput } from './control/template-input.ts';
import { gatewayError, serviceError } from './service-error.ts';
import type { FakeSandbox } from './state/fake-sandbox.ts';
import { makeUlid } from './state/sandbox-store.ts';
import type { CreationCourse } from './state/template-store.ts';

const idleSeconds = z.number().int().positive();

const sandboxInputSchema = z.looseObject({
  templateName: z.string(),
  sandboxId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional(),
  sandboxIdleTimeoutInSeconds: idleSeconds.optional(),
  sandboxIdleTimeoutSeconds: idleSeconds.optional(),
});

/** A sandbox as both planes write it. */
export function sandboxFields(sandbox: FakeSandbox, status: string = sandbox.status): Record<string, unknown> {
  const { plan } = sandbox;
  return {
    sandboxId: plan.sandboxId,
    sandboxArn: `acs:agentrun:*:${plan.accountId}:sandboxes/${plan.sandboxId}`,
    templateId: plan.template.templateId,
    templateName: plan.template.input.templateName,
    templateType: plan.template.input.templateType,
    status,
    statusReason: sandbox.failure,
    createdAt: new Date(sandbox.createdAtMs).toISOString(),
    lastUpdatedAt: new Date(sandbox.updatedAtMs).toISOString(),
    endedAt: sandbox.endedAtMs === undefined ? undefined : new Date(sandbox.endedAtMs).toISOString(),
    sandboxIdleTimeoutSeconds: plan.idleTimeoutSeconds,
    sandboxIdleTimeoutInSeconds: plan.idleTimeoutSeconds,
    metadata: {},
  };
}

/** What stands around everything that the control plane answers. */
export function wrapped(call: Call, data: unknown): Answer {
  return jsonAnswer(200, { code: 'SUCCESS', requestId: call.requestId, data });
}

/** The answer about a sandbox, in the envelope of its plane. */
function sandboxAnswer(call: Call, fields: Record<string, unknown>): Answer {
  const shape =
    call.route.plane === 'control' ? 'wrapped' : (findFault(call.faults, 'envelope')?.shape ?? call.state.settings.dataEnvelope);
  return shape === 'wrapped' ? wrapped(call, fields) : jsonAnswer(200, fields);
}

/** How the creation that a call orders is to go. */
export function creationCourse(call: Call, delayMs: number): CreationCourse {
  const slow = findFault(call.faults, 'slow-creation');
  const failed = findFault(call.faults, 'failed-creation');
  return {
    delayMs: slow?.delayMs ?? delayMs,
    ...(failed === undefined ? {} : { failure: failed.reason ?? 'The image could not be pulled' }),
  };
}

export function requireServiceLinkedRole(call: Call): void {
  if (call.state.hasServiceLinkedRole || call.route.plane !== 'control') return;
  throw gatewayError(404, 'EntityNotExist.Role', 'The role not exists: AliyunServiceRoleForAgentRun .');
}

/** The sandbox that the path names. */
export function sandboxOf(call: Call): FakeSandbox {
  return call.state.sandboxes.get(call.caller.accountId, call.route.sandboxId ?? '');
}

export async function createSandbox(call: Call): Promise<Answer> {
  requireServiceLinkedRole(call);
  const { templates, sandboxes, settings } = call.state;
  const input = parseInput(sandboxInputSchema, call.body);
  const template = templates.get(call.caller.accountId, input.templateName);
  if (templates.status(template) !== 'READY')
    throw serviceError(400, 'ERR_BAD_REQUEST', `template ${input.templateName} is in status ${templates.status(template)}`);
  const idleTimeoutSeconds =
    input.sandboxIdleTimeoutInSeconds ?? input.sandboxIdleTimeoutSeconds ?? template.input.sandboxIdleTimeoutInSeconds;
  if (idleTimeoutSeconds > settings.limits.maxIdleSeconds)
    throw serviceError(400, 'ERR_VALIDATION_FAILED', `sandboxIdleTimeoutInSeconds: is more than ${settings.limits.maxIdleSeconds}`);
  const course = creationCourse(call, settings.sandboxCreationMs);
  const sandbox = sandboxes.create({
    accountId: call.caller.accountId,
    sandboxId: input.sandboxId ?? makeUlid(settings.now()),
    template,
    idleTimeoutSeconds,
    course,
  });
  if (course.delayMs === 0) await sandbox.started();
  return sandboxAnswer(call, sandboxFields(sandbox));
}

export function getSandbox(call: Call): Answer {
  return sandboxAnswer(call, sandboxFields(sandboxOf(call)));
}

export async function stopSandbox(call: Call): Promise<Answer> {
  const sandbox = sandboxOf(call);
  await sandbox.end();
  return sandboxAnswer(call, sandboxFields(sandbox));
}

/** Answers with the sandbox as it was before it was deleted. */
export async function deleteSandbox(call: Call): Promise<Answer> {
  const sandbox = sandboxOf(call);
  const before = sandboxFields(sandbox);
  await call.state.sandboxes.delete(sandbox);
  return sandboxAnswer(call, before);
}

export function setPaused(call: Call, isPaused: boolean): Answer {
  const sandbox = sandboxOf(call);
  if (!['READY', 'PAUSED'].includes(sandbox.status)) throw serviceError(400, 'ERR_BAD_REQUEST', `sandbox is in status ${sandbox.status}`);
  sandbox.setPaused(isPaused);
  return sandboxAnswer(call, sandboxFields(sandbox));
}
