import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect, vi } from 'vitest';
import { startExecutorUnderTest, type ExecutorUnderTest, type ExecutorUnderTestOptions } from './executor-under-test.ts';
import { InstantProvider } from './instant-provider.ts';
import { answerTo, statusOf } from './raw-connection.ts';

/** An executor in front of a provider that runs nothing, and the far ends of the connections to it. */
export interface InstantExecutor extends ExecutorUnderTest {
  readonly provider: InstantProvider;
  /** Every connection that it took, as it sees it. */
  readonly sockets: readonly Socket[];
  /** Bytes that it has read of all that was sent to it. */
  bytesRead(): number;
}

/** Starts one. */
export async function startInstantExecutor(options: Omit<ExecutorUnderTestOptions, 'provider'> = {}): Promise<InstantExecutor> {
  const provider = new InstantProvider();
  const served = await startExecutorUnderTest({ ...options, provider });
  const port = Number(new URL(served.address).port);
  const sockets: Socket[] = [];
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    if (socket.localPort === port) sockets.push(socket);
  };
  subscribe('net.server.socket', onSocket);
  return {
    ...served,
    provider,
    sockets,
    bytesRead: () => sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
    async [Symbol.asyncDispose]() {
      unsubscribe('net.server.socket', onSocket);
      await served[Symbol.asyncDispose]();
    },
  };
}

/** What is written into a request besides its first line. */
export interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default the one that may do everything; `null` for none */
  readonly token?: string | null;
  /** @default true */
  readonly closes?: boolean;
}

/** A request as text. */
export function requestText({ token }: Pick<ExecutorUnderTest, 'token'>, line: string, request: RawRequest = {}): string {
  const { headers = {}, body, closes = true } = request;
  const given = request.token === undefined ? token : request.token;
  const all = {
    host: 'executor',
    ...(given === null ? {} : { authorization: `Bearer ${given}` }),
    ...(closes ? { connection: 'close' } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

/** Sends a request over a connection of its own, and gives the status and the body of the answer. */
export async function ask(
  served: ExecutorUnderTest,
  line: string,
  request: RawRequest = {},
): Promise<{ readonly status: number; readonly head: string; readonly body: string }> {
  const answer = await answerTo(served.address, requestText(served, line, request));
  const end = answer.indexOf('\r\n\r\n');
  return { status: statusOf(answer), head: answer.slice(0, end).toLowerCase(), body: answer.slice(end + 4) };
}

/** The executor still answers, and nothing runs, is kept or is connected any more. */
export async function expectUnharmed(served: InstantExecutor): Promise<void> {
  expect(await ask(served, 'GET /healthz', { token: null })).toMatchObject({ status: 200 });
  await vi.waitFor(
    async () => {
      const { body } = await ask(served, 'GET /metrics');
      const figures = ['running_calls', 'kept_sandboxes', 'open_connections'].map((name) => figure(body, `sandport_executor_${name}`));
      // The connection that asks is one.
      expect([...figures, served.provider.living.size]).toEqual([0, 0, 1, 0]);
    },
    { timeout: 5000, interval: 50 },
  );
}

function figure(metrics: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(metrics)?.[1] ?? Number.NaN);
}
