import { z } from 'zod';
import { matchCall, type CallKind, type MatchedCall } from './allowed-calls.ts';
import { containerRequestSchema, OWNER, OWNER_LABEL, volumeRequestSchema } from './container-request.ts';
import type { EngineConnection } from './engine-connection.ts';
import type { GuardLimits } from './guard-limits.ts';
import { RefusedRequest } from './refused-request.ts';

/** A request as it goes on to the engine. Nothing of the caller's own spelling is in it. */
export interface GuardedRequest {
  readonly kind: CallKind;
  readonly method: string;
  readonly target: string;
  readonly body: string | undefined;
}

const filtersSchema = z.partialRecord(z.enum(['label', 'type', 'event']), z.array(z.string()));
const labelledSchema = z.object({ Id: z.string().optional(), Labels: z.record(z.string(), z.string()).nullish() });
const inspectedSchema = z.object({ Id: z.string(), Config: labelledSchema });

/** What a guard knows when it looks at a request. */
export interface GuardSight {
  readonly engine: EngineConnection;
  readonly limits: GuardLimits;
}

/** Says which allowed call a request is. */
export function callOf(method: string, target: string): MatchedCall {
  const matched = matchCall(method, target);
  if (matched === undefined) throw new RefusedRequest(403, `This call is not allowed: ${method} ${target.split('?')[0]}`);
  return matched;
}

/**
 * Makes of a call what goes on to the engine.
 *
 * @throws RefusedRequest when it asks for more than a sandbox of ours.
 */
export async function guardRequest({ call, name, query }: MatchedCall, body: string, sight: GuardSight): Promise<GuardedRequest> {
  const { kind, method } = call;
  const reference = await referenceOf(kind, name, sight);
  const text = query.size === 0 && kind !== 'list' && kind !== 'events' ? '' : `?${guardQuery(kind, query).toString()}`;
  const target = `${call.path.replace('{}', reference)}${text}`;
  if (kind === 'create-container') {
    const made = check(containerRequestSchema(sight.limits), body);
    await refuseTooMany(sight);
    return { kind, method, target, body: JSON.stringify(made) };
  }
  if (kind === 'create-volume') return { kind, method, target, body: JSON.stringify(check(volumeRequestSchema, body)) };
  if (body !== '') throw new RefusedRequest(403, 'This call has no body.');
  return { kind, method, target, body: undefined };
}

/** A container goes by its id from here on: a name could lead to another one a moment later. */
async function referenceOf(kind: CallKind, name: string, { engine, limits }: GuardSight): Promise<string> {
  if (kind === 'image' && !limits.images.includes(name)) throw new RefusedRequest(403, `This image is not allowed: ${name}`);
  if (kind === 'container' || kind === 'attach') {
    const { Id: id, Config: config } = inspectedSchema.parse(await engine.describe(`/containers/${name}/json`));
    refuseStranger(config.Labels, `container ${name}`);
    return id;
  }
  if (kind === 'volume') refuseStranger(labelledSchema.parse(await engine.describe(`/volumes/${name}`)).Labels, `volume ${name}`);
  return name;
}

function refuseStranger(labels: Readonly<Record<string, string>> | null | undefined, what: string): void {
  if (labels?.[OWNER_LABEL] !== OWNER) throw new RefusedRequest(403, `The ${what} is not one of ours.`);
}

async function refuseTooMany({ engine, limits }: GuardSight): Promise<void> {
  const ours = encodeURIComponent(JSON.stringify({ label: [`${OWNER_LABEL}=${OWNER}`] }));
  const containers = z.array(z.unknown()).parse(await engine.describe(`/containers/json?all=1&filters=${ours}`));
  if (containers.length >= limits.containers) throw new RefusedRequest(403, `There are ${containers.length} containers of ours already.`);
}

/** Engines join labels by "and": with ours among them nothing of others is told. */
function guardQuery(kind: CallKind, query: URLSearchParams): URLSearchParams {
  if (kind !== 'list' && kind !== 'events') return query;
  const { label = [], ...others } = check(filtersSchema, query.get('filters') ?? '{}');
  const ours = [...label, `${OWNER_LABEL}=${OWNER}`];
  const filters = kind === 'events' ? { ...others, type: ['container'], label: ours } : { label: ours };
  const guarded = new URLSearchParams(query);
  guarded.set('filters', JSON.stringify(filters));
  return guarded;
}

/** Gives back what the schema read, not what was sent: a field that is there twice, or in other letters, is not read twice by others. */
function check<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RefusedRequest(400, 'This is not JSON.', { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RefusedRequest(403, `This is not allowed: ${issues.slice(0, 5).join('; ')}`, { cause: parsed.error });
}
