import { jsonAnswer, type Answer } from '../../http/answer.ts';
import type { Call } from '../call.ts';
import { HttpError } from '../service-error.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import { listedFields } from './sandbox-fields.ts';

const MAX_LIMIT = 100;

/** The pairs that a filter demands. Inside the query's value stands a form, whose names and values are encoded once more. */
function parseMetadata(text: string): [string, string][] {
  try {
    return [...new URLSearchParams(text)].map(([name, value]) => [decodeURIComponent(name), decodeURIComponent(value)]);
  } catch (error) {
    throw new HttpError(400, `metadata is not well encoded: ${String(error)}`);
  }
}

function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? MAX_LIMIT : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw new HttpError(400, `limit is not within 1 and ${MAX_LIMIT}`);
  return limit;
}

/** The sandboxes that pass the filters, newest first unless asked otherwise, in pages. */
export function listSandboxes(call: Call): Answer {
  const { query, request, state } = call;
  const metadata = parseMetadata(query.get('metadata') ?? '');
  const isPaged = request.path.startsWith('/v2/');
  // The first version knows only those that run.
  const states = new Set(
    isPaged && query.get('state') !== undefined ? query.get('state')?.split(',') : isPaged ? ['running', 'paused'] : ['running'],
  );
  const template = query.get('template');
  const startedAfter = query.get('startedAfter');
  const isWanted = (sandbox: E2bSandbox): boolean =>
    states.has(sandbox.state) &&
    metadata.every(([name, value]) => sandbox.plan.metadata[name] === value) &&
    (template === undefined || [sandbox.plan.template.templateId, sandbox.plan.template.name].includes(template)) &&
    (startedAfter === undefined || sandbox.startedAtMs > Date.parse(startedAfter));
  const found = state.sandboxes.all().filter(isWanted);
  const ordered = query.get('order') === 'asc' ? found : found.toReversed();
  if (!isPaged) return jsonAnswer(200, ordered.map(listedFields));
  const limit = parseLimit(query.get('limit'));
  const token = query.get('nextToken');
  const before = token === undefined ? undefined : parseToken(token);
  const rest = before === undefined ? ordered : ordered.slice(before);
  const page = rest.slice(0, limit);
  const headers: Record<string, string> = rest.length > limit ? { 'x-next-token': makeToken((before ?? 0) + limit) } : {};
  return jsonAnswer(200, page.map(listedFields), headers);
}

const makeToken = (position: number): string => Buffer.from(`after:${position}`).toString('base64url');

function parseToken(token: string): number {
  const position = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw new HttpError(400, 'nextToken is not one of this service');
  return Number(position);
}
