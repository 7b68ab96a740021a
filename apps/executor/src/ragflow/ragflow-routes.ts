import { SandboxError, type ExecutionRequestInput, type ExecutionResult } from '@sandport/core';
import { OTHER_ROUTES, RAGFLOW_HEALTH } from '@sandport/executor-api';
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RAGFLOW_ARTIFACT_BYTES } from './ragflow-artifacts.ts';
import { readRunBody, type RagflowProgram } from './ragflow-request.ts';
import { rateLimitedAnswer, toRefusalAnswer } from './refusal-answer.ts';
import { toRunAnswer } from './run-answer.ts';
import { badValue, type ValidationAnswer, type ValidationFinding } from './validation-answer.ts';

const MEBIBYTE = 1024 * 1024;

/** What RAGFlow's executor manager gives a program when nobody says otherwise. */
const RAGFLOW_DEFAULTS = {
  timeoutMs: 10_000,
  memoryBytes: 256 * MEBIBYTE,
  /** How long a call waits for a place. */
  maxWaitMs: 10_000,
  /** A program of 1 MiB in base64, and 8 MiB of arguments, which JSON may write in twice as many bytes. */
  maxBodyBytes: 20 * MEBIBYTE,
} as const;

/** Whose call it is, and what withdraws it. */
export interface RagflowCall {
  readonly signal: AbortSignal;
  readonly tenant: string;
  readonly request: FastifyRequest;
}

/** What the routes need of the service around them. */
export interface RagflowRoutesOptions {
  /**
   * Runs one program.
   *
   * @throws SandboxError As `Sandbox.execute` and `SandboxProvider.createSandbox`. What else it throws is told as a fault without words.
   */
  readonly run: (request: ExecutionRequestInput, call: RagflowCall) => Promise<ExecutionResult>;
  /** On whose behalf a request is made; it was let in before. */
  readonly tenantOf: (request: FastifyRequest) => string;
  /** What withdraws a run, besides its caller's leaving, which always does. @default nothing */
  readonly signalOf?: (request: FastifyRequest) => AbortSignal | undefined;
  /** Wall-clock time of a program. @default 10000 */
  readonly timeoutMs?: number;
  /** Memory of a program; `null` where the provider keeps no limit, or is to use its own. @default 268435456 */
  readonly memoryBytes?: number | null;
  /** Longest wait for a place. @default 10000 */
  readonly maxWaitMs?: number;
  /** Whether `GET /` and `GET /healthz` are answered here, too. @default true */
  readonly hasHealthRoutes?: boolean;
  /** What the hooks of the app are to know of the route `/run`. */
  readonly runConfig?: FastifyContextConfig;
  /** Whether an error of a hook says that the caller has used up his calls: RAGFlow has an answer of its own for that. @default never */
  readonly isRateLimit?: (error: unknown) => boolean;
  /** Largest body that is read; more is Fastify's 413. @default 20971520 */
  readonly maxBodyBytes?: number;
}

/**
 * Answers as RAGFlow's executor manager does: `GET /`, `GET /healthz` and `POST /run`. Hooks that were added to the app before, and its error handler,
 * hold here too; parsers of bodies do not.
 */
export function registerRagflowRoutes(app: FastifyInstance, options: RagflowRoutesOptions): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    const bodyLimit = options.maxBodyBytes ?? RAGFLOW_DEFAULTS.maxBodyBytes;
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, parsed) => parsed(null, body));
    answerRateLimits(scope, options);
    if (options.hasHealthRoutes ?? true) for (const path of [OTHER_ROUTES.root, OTHER_ROUTES.live]) scope.get(path, () => RAGFLOW_HEALTH);
    const config = options.runConfig ?? {};
    scope.post(OTHER_ROUTES.ragflowRun, { config, schema: { hide: true } }, (request, reply) => answerRun(request, reply, options));
    done();
  });
}

/** Every other error of a hook is answered as everywhere. */
function answerRateLimits(scope: FastifyInstance, { isRateLimit }: RagflowRoutesOptions): void {
  if (isRateLimit === undefined) return;
  scope.setErrorHandler((error, _request, reply) => {
    if (!isRateLimit(error)) throw error;
    return reply.code(200).send(rateLimitedAnswer());
  });
}

async function answerRun(request: FastifyRequest, reply: FastifyReply, options: RagflowRoutesOptions): Promise<FastifyReply> {
  const read = readRunBody(bytesOf(request.body), isJson(request));
  if (read.kind === 'invalid') return answerInvalid(reply, read.findings);
  // The predecessor's decoder fails outside of everything that would answer for it: a plain 500, which its client shows with the text.
  if (read.kind === 'not-utf8') return reply.code(500).type('text/plain; charset=utf-8').send('code_b64 holds code that is not UTF-8.');
  // Whoever writes bodies into a log writes what can be read.
  request.body = read.program;
  try {
    const result = await options.run(requestOf(read.program, options), callOf(request, reply, options));
    return await reply.send(toRunAnswer(result));
  } catch (error) {
    const finding = findingOf(error, read.program);
    return finding === undefined ? reply.send(toRefusalAnswer(error)) : answerInvalid(reply, [finding]);
  }
}

function answerInvalid(reply: FastifyReply, findings: readonly ValidationFinding[]): FastifyReply {
  return reply.code(422).send({ detail: findings } satisfies ValidationAnswer);
}

function requestOf(program: RagflowProgram, options: RagflowRoutesOptions): ExecutionRequestInput {
  const { timeoutMs, memoryBytes, maxWaitMs } = { ...RAGFLOW_DEFAULTS, ...options };
  return {
    ...program,
    limits: { timeoutMs, memoryBytes: memoryBytes ?? undefined, artifactBytes: RAGFLOW_ARTIFACT_BYTES, artifactDepth: 1 },
    maxWaitMs,
  };
}

/** A call is withdrawn when its caller has left before he had the whole answer. */
function callOf(request: FastifyRequest, { raw }: FastifyReply, { tenantOf, signalOf }: RagflowRoutesOptions): RagflowCall {
  const left = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort();
  });
  const other = signalOf?.(request);
  return { request, tenant: tenantOf(request), signal: other === undefined ? left.signal : AbortSignal.any([left.signal, other]) };
}

/** A program that the contract refuses is a bad body, and no failure of the service. */
function findingOf(error: unknown, program: RagflowProgram): ValidationFinding | undefined {
  if (!SandboxError.isInstance(error) || error.code !== 'REQUEST_INVALID') return undefined;
  const field = error.details?.['field'];
  if (field === 'code') return badValue('code_b64', error.message, null);
  // Of limits and waits its caller knows nothing.
  return field === 'arguments' ? badValue('arguments', error.message, program.arguments) : undefined;
}

function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

/** A body of no named kind counts as JSON. */
function isJson({ headers }: FastifyRequest): boolean {
  const type = headers['content-type'];
  return type === undefined || /^application\/([^;]+\+)?json *(;|$)/i.test(type.trim());
}
