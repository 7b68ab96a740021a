import { parseLanguage, type CreateSandboxOptions, type ExecutionRequestInput } from '@sandport/core';
import { CONNECTION_HEADER, lifetimeBodySchema, ROUTES, sandboxAnswerSchema, sandboxBodySchema } from '@sandport/executor-api';
import { type App, EventWriter, fastifyPath, wantedFormat, whenGone } from '@sandport/http-service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { accessTo, refuseUse, type Access } from '../access/check-access.ts';
import { checkSandboxAgainstToken } from '../access/token-policy.ts';
import { withdrawnError } from '../executions/execution-registry.ts';
import { describeRoute } from '../server/describe-route.ts';
import { sandboxParameters } from '../server/path-parameters.ts';
import type { Service } from '../server/service.ts';
import type { KeptSandbox } from './kept-sandbox.ts';

type SandboxBody = z.output<typeof sandboxBodySchema>;

/** Routes that make, find and end sandboxes. */
export function sandboxRoutes(app: App, service: Service): void {
  const { sandboxes } = service;

  app.post(
    fastifyPath(ROUTES.sandboxes),
    {
      config: { scope: 'sandboxes', answers: { 201: sandboxAnswerSchema } },
      schema: {
        ...describeRoute(
          'createSandbox',
          'Makes a sandbox. As a stream of events it lives as long as the answer; answered with JSON it lives until its time is over or it is deleted.',
        ),
        body: sandboxBodySchema,
      },
    },
    async (request, reply) => createSandbox(service, request, reply, request.body),
  );

  app.get(
    fastifyPath(ROUTES.sandbox),
    {
      config: { scope: 'sandboxes', answers: { 200: sandboxAnswerSchema } },
      schema: { ...describeRoute('describeSandbox', 'Describes a sandbox that lives.'), params: sandboxParameters },
    },
    async (request) => keptSandbox(service, request, request.params.sandbox).answer(),
  );

  app.delete(
    fastifyPath(ROUTES.sandbox),
    {
      config: { scope: 'sandboxes' },
      schema: {
        ...describeRoute('destroySandbox', 'Ends a sandbox and everything in it. Nothing happens when it has ended.'),
        params: sandboxParameters,
      },
    },
    async (request, reply) => {
      const signal = service.answers.goneSignal(reply);
      await sandboxes.destroy(request.params.sandbox, accessTo(request).tenant, connectionOf(request), signal);
      return reply.code(204).send();
    },
  );

  app.post(
    fastifyPath(ROUTES.sandboxConnection),
    {
      config: { scope: 'sandboxes', answers: { 200: sandboxAnswerSchema } },
      schema: {
        ...describeRoute('connectSandbox', 'Takes over a sandbox that was made reconnectable; its former holder loses it.'),
        params: sandboxParameters,
      },
    },
    async (request, reply) => {
      const { tenant, token } = accessTo(request);
      const kept = await keepFor(service, token, reply, (signal, onLeft) =>
        sandboxes.connect(request.params.sandbox, tenant, signal, onLeft),
      );
      return kept.answer();
    },
  );

  extendRoute(app, service);
}

function extendRoute(app: App, service: Service): void {
  app.put(
    fastifyPath(ROUTES.sandboxLifetime),
    {
      config: { scope: 'sandboxes', answers: { 200: sandboxAnswerSchema } },
      schema: {
        ...describeRoute('extendSandbox', 'Puts the end of a sandbox off.'),
        params: sandboxParameters,
        body: lifetimeBodySchema,
      },
    },
    async (request, reply) => {
      const kept = keptSandbox(service, request, request.params.sandbox);
      const { token, tenant } = accessTo(request);
      const { lifetimeMs } = request.body;
      checkSandboxAgainstToken(token, { language: kept.sandbox.language, lifetimeMs, tenant });
      await kept.use((sandbox) => sandbox.extend(lifetimeMs, { signal: service.answers.goneSignal(reply) }));
      return kept.answer();
    },
  );
}

/** The sandbox that a call is about. */
export function keptSandbox(service: Service, request: FastifyRequest, id: string): KeptSandbox {
  return service.sandboxes.find(id, accessTo(request).tenant, connectionOf(request));
}

function connectionOf(request: FastifyRequest): string | undefined {
  const connection = request.headers[CONNECTION_HEADER];
  return typeof connection === 'string' ? connection : undefined;
}

async function createSandbox(service: Service, request: FastifyRequest, reply: FastifyReply, body: SandboxBody): Promise<unknown> {
  const access = accessTo(request);
  const options = sandboxOptions(body, access);
  checkSandboxAgainstToken(access.token, options);
  const format = options.reconnectable === true ? undefined : wantedFormat(request.headers.accept);
  const kept = await keepFor(service, access.token, reply, async (signal, onLeft) => {
    const made = await service.sandboxes.create(options, signal, onLeft);
    // Nobody would learn its id.
    if (signal.aborted) await service.sandboxes.end(made);
    return made;
  });
  if (format === undefined) return reply.code(201).send(kept.answer());
  request.endCall();
  service.answers.rest(reply);
  // Other sandboxes are their tenant's, and each call about them shows a token. This one is held by a call that was let in once: its right ends with its token.
  kept.holdWhile(access.isInForce);
  await hold(service, kept, reply, new EventWriter(reply, format, service.config.limits.answerTimeoutMs));
  return undefined;
}

function sandboxOptions(body: SandboxBody, { tenant }: Access): CreateSandboxOptions & { readonly tenant: string } {
  const { language, network, ...rest } = body;
  return {
    ...rest,
    tenant,
    language: parseLanguage(language ?? 'python'),
    // What is no policy of the contract is refused by the provider's check, which names the field.
    ...(network === undefined ? {} : { network: network as NonNullable<ExecutionRequestInput['network']> }),
  };
}

/** Counts a sandbox as one of its token's for as long as it is kept. */
async function keepFor(
  { use, answers }: Service,
  token: Access['token'],
  reply: FastifyReply,
  make: (signal: AbortSignal, onLeft: () => void) => Promise<KeptSandbox>,
): Promise<KeptSandbox> {
  const counted = use.keepSandbox(token);
  if (!('end' in counted)) return refuseUse(counted);
  const signal = answers.goneSignal(reply);
  let kept: KeptSandbox;
  try {
    kept = await make(signal, counted.end);
  } catch (error) {
    counted.end();
    throw error;
  }
  if (signal.aborted) throw withdrawnError();
  return kept;
}

/** The sandbox lives until its maker goes away, or it ends otherwise. */
async function hold({ sandboxes }: Service, kept: KeptSandbox, reply: FastifyReply, writer: EventWriter): Promise<void> {
  const left = new Promise<void>((resolve) => kept.whenLeft(resolve));
  whenGone(reply, () => void Promise.allSettled([sandboxes.end(kept)]));
  await writer.write({ type: 'sandbox', sandbox: kept.answer() });
  await left;
  await writer.end({ type: 'ended' });
}
