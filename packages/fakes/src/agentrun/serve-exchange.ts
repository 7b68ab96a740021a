import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/local-server.ts';
import type { AgentRunFault, AgentRunFaultScript } from './agent-run-fault.ts';
import { makeRequestId, type AgentRunService, type ServiceRequest } from './agent-run-service.ts';
import type { AgentRunOperation, AgentRunPlane } from './agent-run-operation.ts';
import type { CountingFaultScript } from '../faults/fault-script.ts';
import { findFault } from './call.ts';
import { htmlAnswer } from './error-answers.ts';
import { answerInsteadOfWork, spoilAnswer, type AnswerPlace } from './faulty-answer.ts';
import { openRecord, type OpenRecord } from './request-record.ts';
import { matchRoute } from './routes.ts';
import { sandboxNotFound } from './state/fake-sandbox.ts';

const LATE_ANSWER_MS = 10_000;
/** How long a program may take to begin before its sandbox vanishes without it. */
const PROGRAM_START_MS = 10_000;
const PROGRAM_LOOK_MS = 5;

const startsPrograms = new Set<AgentRunOperation | undefined>(['ExecuteCode', 'RunCommand']);

type VanishFault = Extract<AgentRunFault, { kind: 'vanish' }>;

/** What serves requests. */
export interface Servant {
  readonly service: AgentRunService;
  readonly script: CountingFaultScript<AgentRunPlane, AgentRunOperation, AgentRunFault> & AgentRunFaultScript;
  readonly records: OpenRecord[];
  readonly clockOffsetMs: () => number;
  /** Ends a sandbox; one that there is not is nothing to end. */
  readonly expire: (sandboxId: string) => Promise<void>;
}

/** What is to be sent, or that nothing is. */
type Outcome = { readonly answer: Answer; readonly errorCode: string | undefined } | 'cut' | 'hang';

/** Serves one request, with the faults that it meets. */
export async function serveExchange(servant: Servant, exchange: Exchange): Promise<void> {
  const { request } = exchange;
  const route = matchRoute(request.method, request.path);
  const { plane } = route;
  const faults =
    plane === undefined ? [] : servant.script.take({ plane, operation: route.operation, method: request.method, path: request.path });
  const record = openRecord(request, route, faults);
  servant.records.push(record);
  exchange.gone.addEventListener('abort', () => (record.abandoned = true), { once: true });
  const clockOffsetMs = servant.clockOffsetMs() + (findFault(faults, 'clock-offset')?.offsetMs ?? 0);
  const authentication = servant.service.authenticate(request, route, clockOffsetMs);
  if ('caller' in authentication) {
    record.authenticated = authentication.caller.authentication !== 'anonymous';
    record.authentication = authentication.caller.authentication;
  }
  const serviceRequest: ServiceRequest = { request, requestId: makeRequestId(), route, faults, authentication };
  const outcome = await decideOutcome(servant, serviceRequest, exchange.gone).catch((error: unknown) => {
    record.status = 500;
    record.errorCode = 'FAKE_FAILED';
    throw error;
  });
  if (outcome === 'hang') return;
  if (outcome === 'cut') {
    exchange.cut();
    return;
  }
  record.errorCode = outcome.errorCode;
  if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'in-answer')) {
    exchange.sendHalf(outcome.answer);
    return;
  }
  record.status = outcome.answer.status;
  exchange.send(outcome.answer);
}

async function decideOutcome(servant: Servant, serviceRequest: ServiceRequest, gone: AbortSignal): Promise<Outcome> {
  const { faults, route, requestId } = serviceRequest;
  const place: AnswerPlace = { plane: route.plane, requestId, nowMs: servant.service.state.settings.now(), faults };
  if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'before-work')) return 'cut';
  const latency = findFault(faults, 'latency');
  if (latency !== undefined) await sleep(latency.delayMs, undefined, { ref: false });
  if (faults.some((fault) => fault.kind === 'hang' && fault.when !== 'after-work')) return 'hang';
  const instead = answerInsteadOfWork(place);
  if (instead !== undefined) return { answer: instead, errorCode: codeOf(instead) };
  const done = await work(servant, serviceRequest);
  if (done === 'cut') return 'cut';
  if (faults.some((fault) => fault.kind === 'cut' && fault.when === 'after-work')) return 'cut';
  if (faults.some((fault) => fault.kind === 'hang')) return 'hang';
  const late = findFault(faults, 'late-answer');
  if (late !== undefined) await untilGone(gone, late.maxDelayMs ?? LATE_ANSWER_MS);
  const answer = spoilAnswer(done.answer, place);
  return { answer, errorCode: answer === done.answer ? done.errorCode : codeOf(answer) };
}

/** The code that the body of an answer shows, if it is one that shows any. */
function codeOf(answer: Answer): string | undefined {
  if (answer.status < 400 || answer.headers['content-type']?.startsWith('application/json') !== true) return undefined;
  const body = JSON.parse(answer.body.toString()) as { code?: string; Code?: string; error?: { code?: string } };
  return body.code ?? body.Code ?? body.error?.code;
}

/** Waits until the caller has gone, but not for ever. */
async function untilGone(gone: AbortSignal, maxDelayMs: number): Promise<void> {
  if (gone.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, maxDelayMs);
    gone.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Does the work: once, or twice, or while its sandbox vanishes. */
async function work(servant: Servant, serviceRequest: ServiceRequest): Promise<Exclude<Outcome, 'hang'>> {
  const { service } = servant;
  const vanish = findFault(serviceRequest.faults, 'vanish');
  const { sandboxId } = serviceRequest.route;
  if (vanish?.when === 'before-work' && sandboxId !== undefined) await servant.expire(sandboxId);
  if (findFault(serviceRequest.faults, 'duplicate') !== undefined) await service.perform(serviceRequest);
  if (vanish?.when !== 'during-work' || sandboxId === undefined) return service.perform(serviceRequest);
  const [done] = await Promise.all([service.perform(serviceRequest), vanishLater(servant, serviceRequest, vanish, sandboxId)]);
  switch (vanish.answer ?? 'not-found') {
    case 'cut':
      return 'cut';
    case 'bad-gateway':
      return { answer: htmlAnswer(502), errorCode: undefined };
    case 'not-found': {
      const refusal = sandboxNotFound();
      return done.errorCode === refusal.code ? done : { answer: service.refuse(refusal, serviceRequest), errorCode: refusal.code };
    }
  }
}

async function vanishLater(servant: Servant, { route }: ServiceRequest, { delayMs = 0 }: VanishFault, sandboxId: string): Promise<void> {
  const countPrograms = (): number => servant.service.state.executions.filter((record) => record.sandboxId === sandboxId).length;
  const before = countPrograms();
  // A program must have begun, so that it can be seen to end.
  const deadline = performance.now() + (startsPrograms.has(route.operation) ? PROGRAM_START_MS : 0);
  while (countPrograms() === before && performance.now() < deadline) await sleep(PROGRAM_LOOK_MS);
  await sleep(delayMs);
  await servant.expire(sandboxId);
}
