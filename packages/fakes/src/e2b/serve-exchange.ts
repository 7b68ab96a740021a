import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerStream } from '../http/answer.ts';
import type { Exchange } from '../http/local-server.ts';
import type { ReceivedRequest } from '../http/received-request.ts';
import type { CountingFaultScript } from '../faults/fault-script.ts';
import { isStreamed, type E2bAnswer } from './call.ts';
import { findE2bFault, type E2bFault } from './e2b-fault.ts';
import type { E2bOperation, E2bPlane } from './e2b-operation.ts';
import type { E2bService, ServiceRequest } from './e2b-service.ts';
import { answerAfterWork, answerInsteadOfWork, spoilAnswer } from './faulty-answer.ts';
import { spoilStream } from './faulty-stream.ts';
import { openRecord, type OpenRecord } from './request-record.ts';
import { matchRoute, type RouteMatch } from './routes.ts';

const LATE_ANSWER_MS = 10_000;
/** How long a program may take to begin before its sandbox vanishes without it. */
const PROGRAM_START_MS = 10_000;
const PROGRAM_LOOK_MS = 5;

const startsPrograms = new Set<E2bOperation | undefined>(['ExecuteCode', 'StartProcess']);

type VanishFault = Extract<E2bFault, { kind: 'vanish' }>;

/** What serves requests. */
export interface Servant {
  readonly service: E2bService;
  readonly script: CountingFaultScript<E2bPlane, E2bOperation, E2bFault>;
  readonly records: OpenRecord[];
}

/** Serves one request, with the faults that it meets. */
export async function serveExchange(servant: Servant, exchange: Exchange): Promise<void> {
  const { request } = exchange;
  const { service } = servant;
  const route = matchRoute(request);
  const { plane } = route;
  const faults =
    plane === undefined ? [] : servant.script.take({ plane, operation: route.operation, method: request.method, path: request.path });
  const record = openRecord(request, route, faults);
  servant.records.push(record);
  exchange.gone.addEventListener('abort', () => (record.abandoned = !exchange.wasCut()), { once: true });
  await service.state.sandboxes.sweep();
  const serviceRequest = await receive(service, request, route, faults);
  const { sandbox } = serviceRequest.call;
  record.sandboxId ??= sandbox?.id;
  record.authenticated = serviceRequest.isAuthenticated;
  // A sandbox that ends takes its connections with it.
  const forget = serviceRequest.refusal === undefined ? sandbox?.keepConnection(() => exchange.cut()) : undefined;
  try {
    const outcome = await decideOutcome(servant, serviceRequest, exchange.gone);
    if (outcome === 'cut') exchange.cut();
    else if (outcome !== 'hang') await send(outcome, serviceRequest, exchange, record);
  } catch (error) {
    record.status = 500;
    throw error;
  } finally {
    forget?.();
  }
}

/** Finds out what a request is for, and whether it may; where its sandbox is to vanish before the work, after that. */
async function receive(
  service: E2bService,
  request: ReceivedRequest,
  route: RouteMatch,
  faults: readonly E2bFault[],
): Promise<ServiceRequest> {
  const received = service.receive(request, route, faults);
  const sandboxId = received.call.sandbox?.id ?? route.sandboxId;
  if (findE2bFault(faults, 'vanish')?.when !== 'before-work' || sandboxId === undefined) return received;
  await endSandbox(service, sandboxId);
  return service.receive(request, route, faults);
}

/** Sends an answer, whole or in pieces. A record has its status when the head is on its way. */
async function send(answer: E2bAnswer, { call }: ServiceRequest, exchange: Exchange, record: OpenRecord): Promise<void> {
  const { faults } = call;
  if (!isStreamed(answer)) {
    if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'in-answer')) {
      exchange.sendHalf(answer);
      return;
    }
    record.status = answer.status;
    exchange.send(answer);
    return;
  }
  record.status = answer.status;
  const stream = exchange.open(answer.status, answer.headers);
  try {
    await answer.pump(spoilStream(stream, faults));
  } catch (error) {
    // The head is on its way: no answer can say any more what went wrong.
    stream.cut();
    throw error;
  }
  if (findE2bFault(faults, 'silent') !== undefined) await untilGone(stream.gone);
}

async function decideOutcome(servant: Servant, serviceRequest: ServiceRequest, gone: AbortSignal): Promise<E2bAnswer | 'cut' | 'hang'> {
  const { call } = serviceRequest;
  const { faults } = call;
  if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'before-work')) return 'cut';
  const latency = findE2bFault(faults, 'latency');
  if (latency !== undefined) await sleep(latency.delayMs, undefined, { ref: false });
  if (faults.some((fault) => fault.kind === 'hang' && fault.when !== 'after-work')) return hang(gone);
  const instead = answerInsteadOfWork(call);
  if (instead !== undefined) return instead;
  const done = await work(servant, serviceRequest);
  const isCut = faults.some((fault) => fault.kind === 'cut' && fault.when === 'after-work');
  const isHanging = findE2bFault(faults, 'hang') !== undefined;
  const other = answerAfterWork(call);
  if (isStreamed(done) && (isCut || isHanging || other !== undefined)) await Promise.race([done.abandon(), untilGone(gone)]);
  if (isCut) return 'cut';
  if (isHanging) return hang(gone);
  const late = findE2bFault(faults, 'late-answer');
  if (late !== undefined) await untilGone(gone, late.maxDelayMs ?? LATE_ANSWER_MS);
  return other ?? spoilAnswer(done, call);
}

/** Keeps the connection, for as long as the caller wants it. */
async function hang(gone: AbortSignal): Promise<'hang'> {
  await untilGone(gone);
  return 'hang';
}

/** Waits until the caller has gone, perhaps not for ever. */
async function untilGone(gone: AnswerStream['gone'], maxDelayMs?: number): Promise<void> {
  if (gone.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = maxDelayMs === undefined ? undefined : setTimeout(resolve, maxDelayMs);
    gone.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Does the work: once, or twice, or while its sandbox vanishes. */
async function work(servant: Servant, serviceRequest: ServiceRequest): Promise<E2bAnswer> {
  const { service } = servant;
  const { call } = serviceRequest;
  const vanish = findE2bFault(call.faults, 'vanish');
  const sandboxId = call.sandbox?.id ?? call.route.sandboxId;
  if (findE2bFault(call.faults, 'duplicate') !== undefined) {
    const first = await service.perform(serviceRequest);
    if (isStreamed(first)) void first.abandon();
  }
  if (vanish?.when === 'during-work' && sandboxId !== undefined) void vanishLater(service, serviceRequest, vanish, sandboxId);
  return service.perform(serviceRequest);
}

async function endSandbox({ state }: E2bService, sandboxId: string): Promise<void> {
  const sandbox = state.sandboxes.find(sandboxId);
  if (sandbox !== undefined) await state.sandboxes.end(sandbox);
}

async function vanishLater(service: E2bService, { call }: ServiceRequest, { delayMs = 0 }: VanishFault, sandboxId: string): Promise<void> {
  const countPrograms = (): number => service.state.executions.filter((record) => record.sandboxId === sandboxId).length;
  const before = countPrograms();
  // A program must have begun, so that it can be seen to end.
  const deadline = performance.now() + (startsPrograms.has(call.route.operation) ? PROGRAM_START_MS : 0);
  while (countPrograms() === before && performance.now() < deadline) await sleep(PROGRAM_LOOK_MS);
  await sleep(delayMs);
  await endSandbox(service, sandboxId);
}
