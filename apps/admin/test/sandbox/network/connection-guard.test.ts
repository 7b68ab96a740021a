import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, get, Agent } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get as getSecurely } from 'node:https';
import { connect, createConnection, createServer, Socket, type LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { SandboxError } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ConnectionGuard, type ConnectionGuardOptions } from '../../../src/index.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

let port = 0;
let connections = 0;
let close: () => Promise<void>;

beforeEach(async () => {
  connections = 0;
  const server = createHttpServer((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' });
    response.end('here');
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
});

afterEach(() => close());

function install(options: ConnectionGuardOptions = {}): void {
  const installed = new ConnectionGuard(options).install();
  onTestFinished(() => installed[Symbol.dispose]());
}

/** What ended a connection, or `connected`. */
async function outcomeOf(socket: Socket): Promise<string> {
  try {
    await once(socket, 'connect');
    return 'connected';
  } catch (error) {
    return SandboxError.isInstance(error) ? `${error.code} ${kindOf(error)}` : String((error as NodeJS.ErrnoException).code);
  } finally {
    socket.destroy();
  }
}

/** What was refused. */
function kindOf(error: SandboxError | undefined): string {
  const kind = error?.details?.['kind'];
  return typeof kind === 'string' ? kind : 'nothing';
}

/** The error of ours in what a client has made of it. */
function refusalIn(error: unknown): SandboxError | undefined {
  if (SandboxError.isInstance(error)) return error;
  if (error instanceof AggregateError) return error.errors.map(refusalIn).find((each) => each !== undefined);
  return error instanceof Error && error.cause !== undefined ? refusalIn(error.cause) : undefined;
}

async function fetchOutcome(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    return `refused: ${kindOf(refusalIn(error))}`;
  }
}

const answering =
  (...answers: string[][]): LookupFunction =>
  (_host, options, callback) => {
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    if (options.all === true)
      return callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    return callback(null, addresses[0] ?? '', 4);
  };

describe('connections', () => {
  test('are what they were before the guard and after it', async () => {
    const before: unknown = Reflect.get(Socket.prototype, 'connect');
    const installed = new ConnectionGuard().install();
    expect(await outcomeOf(connect(port, '127.0.0.1'))).toBe('POLICY_VIOLATED loopback');
    installed[Symbol.dispose]();
    expect(Reflect.get(Socket.prototype, 'connect')).toBe(before);
    expect(await outcomeOf(connect(port, '127.0.0.1'))).toBe('connected');
  });

  test('are held to every guard that is installed, in whatever order they go', async () => {
    const first = new ConnectionGuard({ allowedPrivateNetworks: LOOPBACK }).install();
    const second = new ConnectionGuard().install();
    expect(await outcomeOf(connect(port, '127.0.0.1'))).toBe('POLICY_VIOLATED loopback');
    second[Symbol.dispose]();
    expect(await outcomeOf(connect(port, '127.0.0.1'))).toBe('connected');
    first[Symbol.dispose]();
    expect(await outcomeOf(connect(port, '127.0.0.1'))).toBe('connected');
  });

  test.each(['127.0.0.1', '0x7f000001', '2130706433', '0177.0.0.1', '127.1', 'localhost', '::ffff:127.0.0.1', '::1', '0.0.0.0', '0', '::'])(
    'to %s are not begun',
    async (host) => {
      install();
      expect(await outcomeOf(connect({ host, port }))).toMatch(/^POLICY_VIOLATED (?:loopback|unspecified)$/);
      expect(connections).toBe(0);
    },
  );

  test.each([
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'metadata.google.internal',
  ])('to %s are not begun, whatever is allowed', async (host) => {
    install({ allowedPrivateNetworks: ['0.0.0.0/0', '::/0'] });
    expect(await outcomeOf(connect({ host, port: 80 }))).toMatch(/^POLICY_VIOLATED (?:link-local|metadata)$/);
  });

  test('are made where they are allowed, by every way in which Node takes its arguments', async () => {
    install({ allowedPrivateNetworks: LOOPBACK });
    const ways = [
      () => connect(port),
      () => connect(port, '127.0.0.1'),
      () => connect(String(port) as unknown as number, 'localhost'),
      () => connect({ port, host: '127.1' }),
      () => createConnection({ port }, () => undefined),
      () => new Socket().connect(port, '127.0.0.1'),
      () => new Socket().connect({ port, host: 'localhost', family: 4 }),
    ];
    for (const way of ways) expect(await outcomeOf(way())).toBe('connected');
  });

  test('are refused by each of those ways', async () => {
    install();
    const ways = [
      () => connect(port),
      () => connect({ port, host: '' }),
      () => createConnection({ port }, () => undefined),
      () => new Socket().connect(port, '127.0.0.1'),
    ];
    for (const way of ways) expect(await outcomeOf(way())).toBe('POLICY_VIOLATED loopback');
    expect(connections).toBe(0);
  });

  test('to what the deployment names are made, to its other ports not', async () => {
    install({ endpoints: [{ host: 'localhost', port }] });
    expect(await outcomeOf(connect(port, 'localhost'))).toBe('connected');
    expect(await outcomeOf(connect(port, '127.0.0.1'))).toBe('POLICY_VIOLATED loopback');
    expect(await outcomeOf(connect(port + 1, 'localhost'))).toBe('POLICY_VIOLATED loopback');
  });

  test('fail as before where a name leads nowhere', async () => {
    install();
    const lookup: LookupFunction = (_host, _options, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), '', 0);
    expect(await outcomeOf(connect({ host: 'nowhere.example', port, lookup }))).toBe('ENOTFOUND');
  });
});

describe('names that change what they lead to', () => {
  test('are judged by the answer that is connected to', async () => {
    install({ allowedPrivateNetworks: ['127.0.0.1/32'] });
    const lookup = answering(['127.0.0.1'], ['169.254.169.254']);
    expect(await outcomeOf(connect({ host: 'rebinding.example', port, lookup }))).toBe('connected');
    expect(await outcomeOf(connect({ host: 'rebinding.example', port, lookup }))).toBe('POLICY_VIOLATED link-local');
  });

  test('are refused when one of several answers is', async () => {
    install({ allowedPrivateNetworks: ['127.0.0.1/32'] });
    const lookup = answering(['127.0.0.1', '10.0.0.1']);
    expect(await outcomeOf(connect({ host: 'both.example', port, lookup, autoSelectFamily: true }))).toBe('POLICY_VIOLATED private');
    expect(connections).toBe(0);
  });

  test('also where options say something else the second time they are read', async () => {
    install({ allowedPrivateNetworks: ['127.0.0.1/32'] });
    const hosts = ['127.0.0.1', '169.254.169.254'];
    const options = {
      port,
      get host() {
        return hosts.length > 1 ? hosts.shift() : hosts[0];
      },
    };
    expect(await outcomeOf(connect(options as { port: number; host: string }))).toMatch(/^connected$|^POLICY_VIOLATED/);
  });
});

describe('clients', () => {
  test('fetch is held to the rules, also behind a redirect', async () => {
    install({ allowedPrivateNetworks: LOOPBACK });
    expect(await fetchOutcome(`http://127.0.0.1:${port}/`)).toBe('here');
    expect(await fetchOutcome(`http://127.0.0.1:${port}/away`)).toBe('refused: link-local');
    expect(await fetchOutcome('http://[fd00:ec2::254]/')).toBe('refused: metadata');
  });

  test('fetch does not reach what is not allowed', async () => {
    install();
    for (const host of ['127.0.0.1', '0x7f.1', '[::1]', 'localhost'])
      expect(await fetchOutcome(`http://${host}:${port}/`)).toBe('refused: loopback');
    expect(connections).toBe(0);
  });

  test('http, https, http2 and tls are held to them, with an agent and without', async () => {
    install();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const requests = [
      () => get({ host: '127.0.0.1', port }),
      () => get({ host: 'localhost', port, agent }),
      () => get({ host: '127.0.0.1', port, agent: false }),
      () => getSecurely({ host: '127.0.0.1', port }),
      () => connectTls({ host: 'localhost', port }),
      () => connectTls(port, '127.0.0.1'),
      () => connectHttp2(`http://127.0.0.1:${port}`),
    ];
    for (const begin of requests) {
      const request = begin();
      const [error] = (await once(request, 'error')) as [unknown];
      expect(refusalIn(error)?.details).toEqual({ kind: 'loopback' });
      request.destroy();
    }
    expect(connections).toBe(0);
  });
});

test('sockets in the file system are those that the deployment names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandport-guard-'));
  const path = join(folder, 'engine.sock');
  const server = createServer((socket) => socket.destroy());
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const refused = new ConnectionGuard({ allowedPrivateNetworks: ['0.0.0.0/0'] }).install();
  expect(await outcomeOf(connect(path))).toBe('POLICY_VIOLATED unix-socket');
  expect(await outcomeOf(connect({ path }))).toBe('POLICY_VIOLATED unix-socket');
  refused[Symbol.dispose]();
  install({ unixSockets: [path] });
  expect(await outcomeOf(connect(path))).toBe('connected');
});
