import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Carries the requests of one connection out one after the other. An answer that has to wait for another one has no connection yet, and is never told when that is gone: what it stands for would
 * go on for nobody. More requests than a client has a reason to send ahead end the connection.
 */
export function oneAtATime(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const queue = queues.get(socket) ?? newQueue(socket);
    queue.push(done);
    reply.raw.once('close', () => {
      queue.shift();
      if (!socket.destroyed) queue[0]?.();
    });
    if (queue.length === 1) done();
    else if (queue.length > MOST_AHEAD) socket.destroy();
  });
}

/** Whether something of a connection is not answered yet. */
export function isAnswering(socket: Socket): boolean {
  return (queues.get(socket)?.length ?? 0) > 0;
}

/** What begins each request; the first one is at work. */
const queues = new WeakMap<Socket, (() => void)[]>();

const MOST_AHEAD = 64;

function newQueue(socket: Socket): (() => void)[] {
  const queue: (() => void)[] = [];
  queues.set(socket, queue);
  return queue;
}
