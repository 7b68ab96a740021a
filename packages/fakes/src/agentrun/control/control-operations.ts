import type { Answer } from '../../http/answer.ts';
import type { ControlOperation } from '../agent-run-operation.ts';
import type { Call, OperationHandler } from '../call.ts';
import {
  createSandbox,
  creationCourse,
  deleteSandbox,
  getSandbox,
  requireServiceLinkedRole,
  sandboxFields,
  setPaused,
  stopSandbox,
  wrapped,
} from '../sandbox-operations.ts';
import { serviceError } from '../service-error.ts';
import type { StoredTemplate } from '../state/template-store.ts';
import { parseInput, templateInputSchema, templateUpdateSchema } from './template-input.ts';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

function templateFields(call: Call, template: StoredTemplate): Record<string, unknown> {
  const { input } = template;
  return {
    ...input,
    // The service declares these as texts where it answers, although it takes them as numbers.
    sandboxIdleTimeoutInSeconds: String(input.sandboxIdleTimeoutInSeconds),
    sandboxTTLInSeconds: String(input.sandboxTTLInSeconds),
    templateId: template.templateId,
    templateVersion: String(template.version),
    templateArn: `acs:agentrun:${call.state.settings.region}:${template.accountId}:templates/${input.templateName}`,
    resourceName: input.templateName,
    status: call.state.templates.status(template),
    statusReason: template.failure,
    createdAt: new Date(template.createdAtMs).toISOString(),
    lastUpdatedAt: new Date(template.updatedAtMs).toISOString(),
  };
}

const templateAnswer = (call: Call, template: StoredTemplate): Answer => wrapped(call, templateFields(call, template));

function templateOf(call: Call): StoredTemplate {
  return call.state.templates.get(call.caller.accountId, call.route.templateName ?? '');
}

function createTemplate(call: Call): Answer {
  requireServiceLinkedRole(call);
  const input = parseInput(templateInputSchema, call.body);
  const course = creationCourse(call, call.state.settings.templateCreationMs);
  return templateAnswer(call, call.state.templates.create(call.caller.accountId, input, course));
}

function updateTemplate(call: Call): Answer {
  const template = templateOf(call);
  if (call.state.templates.status(template) === 'DELETING') throw serviceError(409, 'ERR_CONFLICT', 'template is being deleted');
  const { templateName, templateType, diskSize, ...changes } = parseInput(templateUpdateSchema, call.body) as Record<string, unknown>;
  if (templateName !== undefined || templateType !== undefined || diskSize !== undefined)
    throw serviceError(400, 'ERR_VALIDATION_FAILED', 'templateName, templateType and diskSize cannot be changed');
  call.state.templates.update(template, changes);
  return templateAnswer(call, template);
}

function deleteTemplate(call: Call): Answer {
  const template = templateOf(call);
  call.state.templates.delete(template);
  return templateAnswer(call, template);
}

/** A whole number of the query between 1 and a maximum. */
function countOf(call: Call, name: string, fallback: number, maximum: number): number {
  const text = call.query.get(name);
  if (text === undefined || text === '') return fallback;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > maximum)
    throw serviceError(400, 'ERR_BAD_REQUEST', `${name} is not within 1 and ${maximum}`);
  return count;
}

/** Whether a value is the one that the query asks for, if it asks. */
function isWanted(call: Call, name: string, value: string): boolean {
  const wanted = call.query.get(name) ?? '';
  return wanted === '' || wanted === value;
}

function listTemplates(call: Call): Answer {
  const { templates } = call.state;
  const pageNumber = countOf(call, 'pageNumber', 1, Number.MAX_SAFE_INTEGER);
  const pageSize = countOf(call, 'pageSize', DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const all = templates
    .all()
    .filter(
      (template) =>
        template.accountId === call.caller.accountId &&
        isWanted(call, 'status', templates.status(template)) &&
        isWanted(call, 'templateName', template.input.templateName) &&
        isWanted(call, 'templateType', template.input.templateType),
    );
  const items = all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize).map((template) => templateFields(call, template));
  return wrapped(call, { items, pageNumber, pageSize, total: all.length });
}

function listSandboxes(call: Call): Answer {
  const maxResults = countOf(call, 'maxResults', DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const lastId = Buffer.from(call.query.get('nextToken') ?? '', 'base64url').toString();
  const all = call.state.sandboxes
    .all()
    .filter(
      (sandbox) =>
        sandbox.plan.accountId === call.caller.accountId &&
        isWanted(call, 'sandboxId', sandbox.plan.sandboxId) &&
        isWanted(call, 'status', sandbox.status) &&
        isWanted(call, 'templateName', sandbox.plan.template.input.templateName) &&
        isWanted(call, 'templateType', sandbox.plan.template.input.templateType) &&
        // A page begins behind an identifier: what is deleted between two pages moves nothing out of them.
        (lastId === '' || sandbox.plan.sandboxId > lastId),
    )
    .toSorted((one, other) => (one.plan.sandboxId < other.plan.sandboxId ? -1 : 1));
  const page = all.slice(0, maxResults);
  const last = all.length > page.length ? page.at(-1) : undefined;
  return wrapped(call, {
    items: page.map((sandbox) => sandboxFields(sandbox)),
    nextToken: last === undefined ? '' : Buffer.from(last.plan.sandboxId).toString('base64url'),
  });
}

function getAccessToken(call: Call): Answer {
  const { query, state, caller } = call;
  const type = query.get('resourceType');
  const name = type === 'template' ? query.get('resourceName') : query.get('resourceId');
  if ((type !== 'template' && type !== 'sandbox') || name === undefined)
    throw serviceError(400, 'ERR_BAD_REQUEST', 'resourceType is template with resourceName, or sandbox with resourceId');
  if (type === 'template') state.templates.get(caller.accountId, name);
  else state.sandboxes.get(caller.accountId, name);
  return wrapped(call, { accessToken: state.tokens.issue(caller.accountId, { type, name }, state.settings.now()) });
}

/** What the control plane does. */
export const controlOperations: Readonly<Record<ControlOperation, OperationHandler>> = {
  CreateTemplate: createTemplate,
  GetTemplate: (call) => templateAnswer(call, templateOf(call)),
  ListTemplates: listTemplates,
  UpdateTemplate: updateTemplate,
  DeleteTemplate: deleteTemplate,
  CreateSandbox: createSandbox,
  GetSandbox: getSandbox,
  ListSandboxes: listSandboxes,
  StopSandbox: stopSandbox,
  DeleteSandbox: deleteSandbox,
  PauseSandbox: (call) => setPaused(call, true),
  ResumeSandbox: (call) => setPaused(call, false),
  GetAccessToken: getAccessToken,
};
