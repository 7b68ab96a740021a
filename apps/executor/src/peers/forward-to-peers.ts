import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SandboxError } from '@sandport/core';
import { continueBody, type OpenAnswers, problemOf, sendProblem } from '@sandport/http-service';
import { Agent } from 'undici';
import { executorOf } from '../sandboxes/sandbox-id.ts';

/** Who is behind the same address. */
export interface PeerOptions {
  readonly executorName: string;
  /** Addresses by name. */
  readonly peers: Readonly<Record<string, string>>;
  readonly answers: OpenAnswers;
}

/** Marks a call that was handed on already: it is not handed on again. */
const FORWARDED_HEADER = 'sandport-forwarded-by';

/** Hands a call about what lives at another executor on to that one, as it came, and its answer back, as it comes. */
export function forwardToPeers(app: FastifyInstance, { executorName, peers, answers }: PeerOptions): void {
  if (Object.keys(peers).length === 0) return;
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT_MS } });
  app.addHook('onClose', async () => agent.destroy());
  app.addHook('onRequest', async (request, reply) => {
    const peer = peerOf(request, executorName, peers);
    if (peer === undefined) return;
    try {
      await forward(request, reply, { peer, agent, executorName, signal: answers.goneSignal(reply) });
    } catch (error) {
      if (!reply.raw.closed) request.log.warn({ err: error }, 'a peer cannot be reached');
      // What was begun to be answered is broken off, so that nobody takes it for whole.
      if (reply.raw.headersSent || reply.raw.closed) reply.raw.destroy();
      else await sendProblem(reply, problemOf(unreachable(error)));
    }
  });
}

function peerOf(request: FastifyRequest, executorName: string, peers: PeerOptions['peers']): string | undefined {
  const { sandbox, execution } = (request.params ?? {}) as { readonly sandbox?: string; readonly execution?: string };
  const id = sandbox ?? execution;
  if (id === undefined || request.headers[FORWARDED_HEADER] !== undefined) return undefined;
  const name = executorOf(id);
  return name === executorName || !Object.hasOwn(peers, name) ? undefined : peers[name];
}

async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    peer,
    agent,
    executorName,
    signal,
  }: { readonly peer: string; readonly agent: Agent; readonly executorName: string; readonly signal: AbortSignal },
): Promise<void> {
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  const { origin } = new URL(peer);
  continueBody(reply.raw);
  const answer = await agent.request({
    origin,
    // The path alone, as it came: an absolute address in the place of one would lead elsewhere, and a resolved one to something else.
    path: request.url.replace(/^https?:\/\/[^/]*/i, ''),
    method: request.method,
    headers: { ...ofTheMessage(request.headers), [FORWARDED_HEADER]: executorName },
    body: hasBody ? request.raw : null,
    signal,
  });
  reply.hijack();
  reply.raw.writeHead(answer.statusCode, ofTheMessage(answer.headers));
  await pipeline(answer.body, reply.raw);
}

/** Headers that belong to a connection, and not to what is sent over it. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
  'te',
  'trailer',
  'proxy-authorization',
]);

function ofTheMessage(headers: NodeJS.Dict<string | string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined || OF_THE_CONNECTION.has(name) ? [] : [[name, value]])),
  );
}

function unreachable(cause: unknown): SandboxError {
  return new SandboxError('PROVIDER_UNAVAILABLE', 'The executor at which this lives cannot be reached.', {
    suggestion: 'Try again; if it stays away, make another sandbox.',
    cause,
  });
}

const CONNECT_TIMEOUT_MS = 3000;
