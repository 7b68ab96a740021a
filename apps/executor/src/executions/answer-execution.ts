import { encodeExecutionResult, type ExecutionResult, type OutputListener } from '@sandport/core';
import { MEDIA_TYPES } from '@sandport/executor-api';
import { errorPayloadOf, EventWriter, toStoppingError, wantedFormat, whenGone } from '@sandport/http-service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessTo } from '../access/check-access.ts';
import type { Service } from '../server/service.ts';
import { observed } from './observe-execution.ts';
import type { LiveExecution } from './execution-registry.ts';

/** What a call is carried out with. */
export interface ExecutionCall {
  readonly signal: AbortSignal;
  readonly execution: LiveExecution;
  readonly onOutput: OutputListener | undefined;
  /** Whether its caller learns its id while it runs. */
  readonly isFollowed: boolean;
}

/** What {@link answerExecution} goes by. */
export interface ExecutionAnswer {
  readonly service: Pick<Service, 'answers' | 'config' | 'executions' | 'metrics'>;
  /** What of the request is about how it is followed. */
  readonly follow: { readonly followOutput?: boolean | undefined; readonly outputWindowBytes?: number | undefined };
  /** Whether the call goes on when its caller is gone: somebody may ask for its outcome. */
  readonly outlivesCaller: boolean;
  /** Checks everything that can be checked before anything happens; what it throws is answered with a status. */
  readonly prepare: (call: ExecutionCall) => () => Promise<ExecutionResult>;
}

/** Carries out a call and answers it: as one document, or as events while it goes on. Who goes away withdraws the call. */
export async function answerExecution(request: FastifyRequest, reply: FastifyReply, answer: ExecutionAnswer): Promise<unknown> {
  const { token, tenant } = accessTo(request);
  const execution = answer.service.executions.begin({ tokenId: token.id, tenant }, answer.follow.outputWindowBytes);
  // What outlives its caller is still one of the token's calls at one time.
  const release = request.holdCall();
  if (!answer.outlivesCaller) whenGone(reply, () => execution.withdraw());
  const format = wantedFormat(request.headers.accept);
  let writer: EventWriter | undefined;
  const onOutput: OutputListener = async (chunk) => {
    await writer?.write({ type: 'output', ...chunk });
    await execution.window.passed(chunk.text);
  };
  try {
    const run = observed(
      answer.service,
      request,
      answer.prepare({
        signal: execution.signal,
        execution,
        isFollowed: format !== undefined,
        onOutput: format !== undefined && answer.follow.followOutput !== false ? onOutput : undefined,
      }),
    );
    if (format === undefined)
      return await reply
        .type(MEDIA_TYPES.json)
        .serializer(JSON.stringify)
        .send(encodeExecutionResult(await run()));
    writer = new EventWriter(reply, format, answer.service.config.limits.answerTimeoutMs);
    await follow(writer, execution, run, answer.service);
    return undefined;
  } finally {
    execution.end();
    release();
  }
}

async function follow(
  writer: EventWriter,
  execution: LiveExecution,
  run: () => Promise<ExecutionResult>,
  { answers }: Pick<Service, 'answers'>,
): Promise<void> {
  await writer.write({ type: 'accepted', id: execution.id });
  const end = await run().then(
    (result) => ({ type: 'result', result: encodeExecutionResult(result) }),
    (error: unknown) => ({ type: 'error', error: errorPayloadOf(answers.isWithdrawn ? toStoppingError(error) : error) }),
  );
  // Nothing can be done about it any more, also while its last word is on its way.
  execution.end();
  await writer.end(end);
}
