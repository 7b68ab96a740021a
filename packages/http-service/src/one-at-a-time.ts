import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Carries the requests of one connection out one after the other. An answer that has to wait for another one has no connection yet, and is never told when that is gone: what it stands for would
 * go on for nobody. More requests than a client has a reason to send ahead end the connection.
 */
export function oneAtATime(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const queue = queues.get(socket) ?? newQueue(socket);
    queue.push({ request, reply, begin: done });
    reply.raw.once('close', () => {
      queue.shift();
      if (!socket.destroyed) queue[0]?.begin();
    });
    if (queue.length === 1) done();
    else if (queue.length > MOST_AHEAD) socket.destroy();
  });
}

/** Whether what a connection sends now lies behind a request that is not answered yet. */
export function isAnswering(socket: Socket): boolean {
  const [first, ...others] = queues.get(socket) ?? [];
  return first !== undefined && (others.length > 0 || first.reply.raw.headersSent || first.request.raw.complete);
}

interface Queued {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly begin: () => void;
}

/** The first one is at work. */
const queues = new WeakMap<Socket, Queued[]>();

const MOST_AHEAD = 64;

function newQueue(socket: Socket): Queued[] {
  const queue: Queued[] = [];
  queues.set(socket, queue);
  return queue;
}
