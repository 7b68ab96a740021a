import { ENDPOINTS, ROUTES, type Endpoint, type Route, type RouteName } from '@sandport/admin-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminUnderTest, type Entered } from '../admin-under-test.ts';
import { standInHandlers, type SeenCall } from '../server/stand-in-handlers.ts';

let served: AdminUnderTest;
let admin: Entered;
const seen: SeenCall[] = [];

beforeAll(async () => {
  served = await AdminUnderTest.start({ config: { limits: { bodyBytes: 65_536 } }, handlers: standInHandlers(seen) });
  admin = await served.enterAsFirst();
});

afterAll(async () => served[Symbol.asyncDispose]());

const routesWithBody = (Object.entries(ROUTES) as [RouteName, Route][]).flatMap(([name, { path }]) => {
  const { body }: Endpoint = ENDPOINTS[name];
  return body === undefined ? [] : [[name, path] as const];
});

const DEPTH = 1000;

const HOSTILE: readonly (readonly [string, string, string, number])[] = [
  ['no body at all', '', 'application/json', 400],
  ['what is no JSON', '{"name": ', 'application/json', 400],
  ['JSON of the wrong kind', '[]', 'application/json', 400],
  ['a bare value', '"text"', 'application/json', 400],
  ['nothing but null', 'null', 'application/json', 400],
  ['an unknown field', '{"planted": 1}', 'application/json', 400],
  ['the name of a prototype', '{"__proto__": {"isAdmin": true}}', 'application/json', 400],
  ['what is nested without end', `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`, 'application/json', 400],
  ['lists without end', `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`, 'application/json', 400],
  ['more than is taken', JSON.stringify({ name: 'x'.repeat(70_000) }), 'application/json', 413],
  ['a form', 'name=root&password=x', 'application/x-www-form-urlencoded', 415],
  ['plain text, which browsers send unasked', '{}', 'text/plain', 415],
];

describe.each(routesWithBody)('%s', (name, path) => {
  test.each(HOSTILE)('refuses %s', async (_what, body, type, status) => {
    const parameters = Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, part = '']) => [part, '1']));
    const before = seen.length;
    const answer = await served.call(name, { body, parameters, headers: { ...admin.headers, 'content-type': type } });
    expect([answer.status, answer.headers.get('x-content-type-options')], answer.body).toEqual([status, 'nosniff']);
    expect(seen.length).toBe(before);
    expect(answer.body.length).toBeLessThan(20_000);
  });
});

test('of a stranger less is read than of somebody who is in', async () => {
  const body = JSON.stringify({ name: 'x'.repeat(20_000), password: 'x' });
  expect((await served.call('signIn', { body })).status).toBe(413);
  expect((await served.call('createToken', { body, headers: admin.headers })).status).toBe(400);
});

test('a program that lies about the length of its body is cut off, and the next caller served', async () => {
  const { connect } = await import('node:net');
  const { port } = new URL(served.admin.address);
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.write(`POST ${ROUTES.signIn.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{`);
  socket.end();
  await new Promise((resolve) => void socket.once('close', resolve).resume());
  expect((await served.call('readSession')).status).toBe(200);
});
