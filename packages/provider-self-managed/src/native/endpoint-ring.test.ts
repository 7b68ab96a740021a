import { expect, test } from 'vitest';
import { parseEndpoint } from '../http/endpoint.ts';
import { EndpointRing } from './endpoint-ring.ts';

const endpoints = ['http://a', 'http://b/', 'http://c:1/below/'].map(parseEndpoint);

test('an address is taken apart', () => {
  expect(endpoints.map(({ origin, basePath, host }) => [origin, basePath, host])).toEqual([
    ['http://a', '', 'a'],
    ['http://b', '', 'b'],
    ['http://c:1', '/below', 'c:1'],
  ]);
});

test('executors take turns, and one in trouble is asked last for a while', () => {
  let nowMs = 0;
  const ring = new EndpointRing(endpoints, () => nowMs);
  const turn = (): string =>
    ring
      .inTurn()
      .map(({ host }) => host[0])
      .join('');
  expect([turn(), turn(), turn(), turn()]).toEqual(['abc', 'bca', 'cab', 'abc']);
  const [a] = endpoints;
  if (a === undefined) throw new Error('there is one');
  ring.noteTrouble(a);
  expect([turn(), turn(), turn()]).toEqual(['bca', 'cba', 'bca']);
  nowMs = 60_000;
  expect(turn()).toBe('bca');
  ring.noteTrouble(a);
  ring.noteWell(a);
  expect([turn(), turn()]).toEqual(['cab', 'abc']);
});
