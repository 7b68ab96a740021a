import { OpenAnswers, type App, type ServiceLimits } from '@sandport/http-service';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Doorkeeper } from '../../src/access/check-access.ts';
import type { Visitor } from '../../src/access/visitor.ts';
import { createServer } from '../../src/server/create-server.ts';
import type { ServedHandlers } from '../../src/server/served-handlers.ts';

const LIMITS: ServiceLimits = {
  bodyBytes: 64 * 1024,
  bodyTimeoutMs: 5000,
  headerBytes: 16_384,
  headerTimeoutMs: 5000,
  keepAliveTimeoutMs: 5000,
  answerTimeoutMs: 5000,
  maxConnections: 100,
};

/** Whoever shows the word "admin" as a token is one. */
const admin: Visitor = { caller: { kind: 'token', id: 'token-1', name: 'token', role: 'admin' } };
const doorkeeper: Doorkeeper = {
  findByToken: async (token) => (token === 'admin' ? admin : undefined),
  findBySession: async () => undefined,
};

/** A server with given handlers that listens until the test is over. */
export async function serveHandlers(
  handlers: ServedHandlers,
  {
    answers = new OpenAnswers(),
    addPage = () => undefined,
  }: { readonly answers?: OpenAnswers; readonly addPage?: (app: App) => void } = {},
): Promise<{ readonly app: App; readonly address: string }> {
  const app = await createServer({
    handlers,
    doorkeeper,
    answers,
    limits: LIMITS,
    tls: undefined,
    isLoopback: true,
    isHttps: false,
    isStopping: () => false,
    sessionCookieName: 'sandport-session',
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    addPage,
  });
  onTestFinished(() => app.close());
  return { app, address: await app.listen({ host: '127.0.0.1', port: 0 }) };
}
