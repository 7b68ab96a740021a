import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startExecutorUnderTest, type ExecutorUnderTest } from './executor-under-test.ts';
import { Balancer } from './support/balancer.ts';
import { Caller, eventsOf } from './support/caller.ts';
import { ScriptedProvider } from './support/scripted-provider.ts';
import { makeSandbox, PATIENCE, untilRunning } from './support/served-scripts.ts';

const MEBIBYTE = 1024 * 1024;
const TOKEN = 'spx_of_all';

interface Member {
  readonly name: string;
  readonly provider: ScriptedProvider;
  readonly served: ExecutorUnderTest;
  readonly caller: Caller;
}

/** A port that is free: members must know each other's before they start. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Executors that know each other, and a balancer in front of them. */
async function startCluster(names: readonly string[], otherPeers: Readonly<Record<string, string>> = {}) {
  const ports = await Promise.all(names.map(freePort));
  const addresses = Object.fromEntries(names.map((name, index) => [name, `http://127.0.0.1:${ports[index]}`]));
  const members: Member[] = [];
  for (const [index, name] of names.entries()) {
    const { [name]: _own, ...peers } = addresses;
    const provider = new ScriptedProvider();
    const config = { name, listen: { port: ports[index] }, peers: { ...peers, ...otherPeers } };
    const served = await startExecutorUnderTest({ provider, config, tokens: [{ id: 'all', text: TOKEN }] });
    onTestFinished(() => served[Symbol.asyncDispose]());
    members.push({ name, provider, served, caller: new Caller({ address: served.address, token: TOKEN }) });
  }
  const balancer = await Balancer.start(members.map(({ served }) => served.address));
  onTestFinished(() => balancer[Symbol.asyncDispose]());
  return { members, caller: new Caller({ address: balancer.address, token: TOKEN }) };
}

const total = (members: readonly Member[], count: (provider: ScriptedProvider) => number): number =>
  members.reduce((sum, { provider }) => sum + count(provider), 0);

async function startPair() {
  const { members, caller } = await startCluster(['left', 'right']);
  const [left, right] = members as [Member, Member];
  return { members, left, right, caller };
}

describe.each([[['one', 'two']], [['one', 'two', 'three']]])('behind one address, executors %j', (names) => {
  test('find each sandbox, its programs and its files by its id', async () => {
    const { members, caller } = await startCluster(names);
    const ids = await Promise.all(Array.from({ length: 6 }, () => makeSandbox(caller)));
    expect(new Set(ids.map((id) => id.split('.')[0]))).toEqual(new Set(names));
    for (const id of ids) {
      // Each call comes to another executor than the one before.
      for (const text of ['a', 'b', 'c', 'd']) {
        const path = `/v1/sandboxes/${id}/file?path=${text}`;
        expect((await caller.call(path, { method: 'PUT', body: Buffer.from(text) })).status).toBe(204);
        expect(await caller.call(path)).toMatchObject({ status: 200, text, headers: { 'sandport-executor': id.split('.')[0] } });
        const { text: answer } = await caller.call(`/v1/sandboxes/${id}/executions`, { body: { code: 'echo', stdin: { text } } });
        expect(JSON.parse(answer)).toMatchObject({ status: 'completed', stdout: text });
      }
      expect((await caller.call(`/v1/sandboxes/${id}`, { method: 'DELETE' })).status).toBe(204);
      expect((await caller.call(`/v1/sandboxes/${id}`)).status).toBe(409);
    }
    expect(total(members, ({ sandboxes }) => sandboxes.size)).toBe(0);
  });

  test('find each call that runs: its input, and its withdrawal', async () => {
    const { members, caller } = await startCluster(names);
    for (let turn = 0; turn < names.length + 1; turn += 1) {
      const reading = await caller.open('/v1/executions', { body: { code: 'echo', stdin: 'stream' }, accept: 'lines' });
      const { id } = (await reading.until('accepted')) as unknown as { readonly id: string };
      // It comes to the next executor, and the withdrawal below to the one after.
      const given = await caller.call(`/v1/executions/${id}/input`, { method: 'PUT', body: Buffer.from('by another') });
      expect([given.status, eventsOf((await reading.read()).text).at(-1)]).toMatchObject([204, { result: { stdout: 'by another' } }]);
      const waiting = await caller.open('/v1/executions', { body: { code: 'wait 60000' }, accept: 'lines' });
      const { id: slow } = (await waiting.until('accepted')) as unknown as { readonly id: string };
      await vi.waitFor(() => expect(total(members, ({ running }) => running)).toBe(1), PATIENCE);
      expect((await caller.call(`/v1/executions/${slow}`, { method: 'DELETE' })).status).toBe(204);
      expect(eventsOf((await waiting.read()).text).at(-1)).toMatchObject({ type: 'result', result: { status: 'cancelled' } });
    }
  });
});

describe('a call that is handed on', () => {
  test('is answered as it comes', async () => {
    const { left, right } = await startPair();
    const id = await makeSandbox(left.caller);
    const answer = await right.caller.open(`/v1/sandboxes/${id}/executions`, { body: { code: 'wait 60000' }, accept: 'lines' });
    expect(await answer.until('accepted')).toMatchObject({ id: expect.stringMatching(/^left\./) as string });
    answer.breakOff();
    await untilRunning(left.provider, 0);
  });

  test('is withdrawn when its caller goes away, also one that is answered with a document', async () => {
    const { left, right } = await startPair();
    const id = await makeSandbox(left.caller);
    const sent = right.caller.send(`/v1/sandboxes/${id}/executions`, { body: { code: 'wait 60000' } });
    await untilRunning(left.provider, 1);
    sent.destroy();
    await untilRunning(left.provider, 0);
  });

  test('keeps the program waiting while its caller reads nothing', async () => {
    const { left, right } = await startPair();
    const id = await makeSandbox(left.caller);
    const body = { code: `print ${60 * MEBIBYTE}`, limits: { outputBytes: 64 * MEBIBYTE } };
    const answer = await right.caller.open(`/v1/sandboxes/${id}/executions`, { body, accept: 'lines' });
    let taken = -1;
    while (left.provider.bytesTaken === 0 || taken !== left.provider.bytesTaken) {
      taken = left.provider.bytesTaken;
      await delay(300);
    }
    expect(taken).toBeLessThan(40 * MEBIBYTE);
    const { isWhole, text } = await answer.read();
    expect([isWhole, text.length > 60 * MEBIBYTE]).toEqual([true, true]);
  });

  test('carries a large file both ways', async () => {
    const { left, right } = await startPair();
    const path = `/v1/sandboxes/${await makeSandbox(left.caller)}/file?path=a`;
    const content = Buffer.alloc(24 * MEBIBYTE, 'x');
    expect((await right.caller.call(path, { method: 'PUT', body: content })).status).toBe(204);
    const { isWhole, text } = await right.caller.call(path);
    expect([isWhole, text.length]).toEqual([true, content.byteLength]);
  });

  test('gets the refusal of the other one, however large what was sent is', async () => {
    const { left, right } = await startPair();
    const id = `${await makeSandbox(left.caller)}x`;
    const answer = await right.caller.call(`/v1/sandboxes/${id}/file?path=a`, { method: 'PUT', body: Buffer.alloc(8 * MEBIBYTE) });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([404, { code: 'SANDBOX_NOT_FOUND' }]);
  });

  test('is finished within the grace time when the one that handed it on is stopped', async () => {
    const { left, right } = await startPair();
    const id = await makeSandbox(left.caller);
    const running = right.caller.call(`/v1/sandboxes/${id}/executions`, { body: { code: 'wait 500' } });
    await untilRunning(left.provider, 1);
    await right.served.executor.stop(5000);
    expect(JSON.parse((await running).text)).toMatchObject({ status: 'completed' });
  });

  test('never goes round in circles', async () => {
    const port = await freePort();
    const { members } = await startCluster(['left', 'right'], { stray: `http://127.0.0.1:${port}` });
    const left = members[0] as Member;
    const stray = await startExecutorUnderTest({
      provider: new ScriptedProvider(),
      config: { name: 'other', listen: { port }, peers: { stray: left.served.address } },
      tokens: [{ id: 'all', text: TOKEN }],
    });
    onTestFinished(() => stray[Symbol.asyncDispose]());
    // Each takes the other for the one that is meant.
    expect(await left.caller.call('/v1/sandboxes/stray.aa.bb')).toMatchObject({ status: 404, headers: { 'sandport-executor': 'other' } });
  });

  test('goes to a peer and nowhere else, whatever address the caller writes into his request', async () => {
    const { left, right } = await startPair();
    const id = await makeSandbox(left.caller);
    const seen: (string | undefined)[] = [];
    const elsewhere: Server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as AddressInfo;
    const socket = connect(Number(new URL(right.served.address).port), '127.0.0.1');
    socket.write(
      `GET http://127.0.0.1:${port}/v1/sandboxes/${id} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${TOKEN}\r\nconnection: close\r\n\r\n`,
    );
    let text = '';
    for await (const piece of socket as AsyncIterable<Buffer>) text += piece.toString();
    expect([seen, text.split('\r\n')[0]]).toEqual([[], 'HTTP/1.1 200 OK']);
    expect(text).toContain(id);
  });
});

describe('a peer that is gone', () => {
  test('is a failure after which one may come again', async () => {
    const { left, right } = await startPair();
    const id = await makeSandbox(left.caller);
    await left.served.executor.stop(0);
    const [read, written] = await Promise.all([
      right.caller.call(`/v1/sandboxes/${id}`),
      right.caller.call(`/v1/sandboxes/${id}/file?path=a`, { method: 'PUT', body: Buffer.alloc(8 * MEBIBYTE) }),
    ]);
    for (const { status, headers, text } of [read, written]) {
      expect([status, headers['retry-after']]).toEqual([503, '1']);
      expect(JSON.parse(text)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true });
    }
  });

  test('breaks off the answers that it had begun, which are not taken for whole', async () => {
    const { left, right } = await startPair();
    const id = await makeSandbox(left.caller);
    const path = `/v1/sandboxes/${id}/file?path=a`;
    await left.caller.call(path, { method: 'PUT', body: Buffer.alloc(24 * MEBIBYTE) });
    const reading = await right.caller.open(path);
    await left.served.executor.stop(0);
    expect((await reading.read()).isWhole).toBe(false);
  });
});

test('an id that says nothing of a peer stays here', async () => {
  const { left } = await startPair();
  const ids = ['constructor.a.b', '__proto__.a.b', 'toString', 'right', 'right%2Fa.b.c', '%00.a.b'];
  const answers = await Promise.all(ids.map((id) => left.caller.call(`/v1/sandboxes/${id}`)));
  expect(answers.map(({ status, headers }) => [status, headers['sandport-executor']])).toEqual(
    ids.map((id) => [404, id === 'right' ? 'right' : 'left']),
  );
});
