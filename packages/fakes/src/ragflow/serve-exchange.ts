import { setTimeout as sleep } from 'node:timers/promises';
import type { CountingFaultScript } from '../faults/fault-script.ts';
import { emptyAnswer, type Answer } from '../http/answer.ts';
import type { Exchange } from '../http/local-server.ts';
import type { ReceivedRequest } from '../http/received-request.ts';
import type { FakeRagflowRequestRecord } from './fake-ragflow-executor.ts';
import { answerInstead, spoilAnswer } from './faulty-answer.ts';
import { findRagflowFault, type RagflowFault } from './ragflow-fault.ts';
import type { RagflowOperation, RagflowPlane } from './ragflow-operation.ts';
import type { RagflowService } from './ragflow-service.ts';
import { encodeRunAnswer, unhandledException } from './run-answer.ts';
import { plainJson, plainJsonText } from './plain-json.ts';
import { findDeviations, readRunBody } from './run-body.ts';

/** A record while its request is being answered. */
export type OpenRecord = { -readonly [Key in keyof FakeRagflowRequestRecord]: FakeRagflowRequestRecord[Key] };

/** What serves requests. */
export interface Servant {
  readonly service: RagflowService;
  readonly script: CountingFaultScript<RagflowPlane, RagflowOperation, RagflowFault>;
  readonly records: OpenRecord[];
  readonly token: string | undefined;
}

const operations: Readonly<Record<string, RagflowOperation>> = { 'GET /': 'Health', 'GET /healthz': 'Health', 'POST /run': 'Run' };
const paths: ReadonlySet<string> = new Set(['/', '/healthz', '/run']);

/** Serves one request, with the faults that it meets. */
export async function serveExchange(servant: Servant, exchange: Exchange): Promise<void> {
  const { request } = exchange;
  const operation = operations[`${request.method} ${request.path}`];
  const { method, path } = request;
  const faults = servant.script.take({ plane: 'executor', operation, method, path });
  const record = openRecord(servant, request, operation, faults);
  servant.records.push(record);
  exchange.gone.addEventListener('abort', () => (record.abandoned = !exchange.wasCut()), { once: true });
  const outcome = record.authenticated
    ? await decideOutcome(servant, exchange, operation, faults)
    : plainJson(401, { detail: 'Unauthorized' });
  if (outcome === 'hang') await untilGone(exchange.gone);
  else if (outcome === 'cut') exchange.cut();
  else if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'in-answer')) exchange.sendHalf(outcome);
  else {
    record.status = outcome.status;
    exchange.send(outcome);
  }
}

function openRecord(
  { token }: Servant,
  { method, path, headers, body }: ReceivedRequest,
  operation: RagflowOperation | undefined,
  faults: readonly RagflowFault[],
): OpenRecord {
  return {
    operation,
    method,
    path,
    authenticated: token === undefined || headers.get('authorization') === `Bearer ${token}`,
    deviations: operation === 'Run' ? findDeviations(body.toString('utf8'), headers.get('content-type')) : [],
    status: undefined,
    faults: faults.map(({ kind }) => kind),
    abandoned: false,
  };
}

async function decideOutcome(
  servant: Servant,
  { request }: Exchange,
  operation: RagflowOperation | undefined,
  faults: readonly RagflowFault[],
): Promise<Answer | 'cut' | 'hang'> {
  if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'before-work')) return 'cut';
  const latency = findRagflowFault(faults, 'latency');
  if (latency !== undefined) await sleep(latency.delayMs, undefined, { ref: false });
  const hang = findRagflowFault(faults, 'hang');
  if (hang !== undefined && hang.when !== 'after-work') return 'hang';
  const instead = answerInstead(faults, operation);
  if (instead !== undefined) return instead;
  const done = await work(servant, request, operation);
  if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'after-work')) return 'cut';
  if (hang !== undefined) return 'hang';
  return spoilAnswer(done, faults);
}

async function work({ service }: Servant, request: ReceivedRequest, operation: RagflowOperation | undefined): Promise<Answer> {
  if (operation === undefined) {
    const isKnown = paths.has(request.path);
    return plainJson(isKnown ? 405 : 404, { detail: isKnown ? 'Method Not Allowed' : 'Not Found' });
  }
  if (operation === 'Health') return plainJson(200, { status: 'ok' });
  if (request.isTooLarge) return emptyAnswer(413);
  const read = readRunBody(request.body.toString('utf8'), request.headers.get('content-type'));
  if (read.kind === 'invalid') return plainJson(422, { detail: read.detail });
  if (read.kind === 'not-utf8') {
    return { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from('Internal Server Error') };
  }
  // Whatever escapes is told with status 200, as the service does it.
  const answer = await service.run(read.body).catch((error: unknown) => unhandledException(String(error)));
  return plainJsonText(200, encodeRunAnswer(answer));
}

async function untilGone(gone: AbortSignal): Promise<void> {
  if (gone.aborted) return;
  await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }));
}
