import { expect, test } from 'vitest';
import { deploymentPlaces } from './deployment-places.ts';

const none = { endpoints: [], unixSockets: [] };

test.each([
  ['/var/lib/settings.sqlite', none],
  ['file:///var/lib/settings.sqlite', none],
  ['postgres://me:secret@db/sandport', { endpoints: [{ host: 'db', port: 5432 }], unixSockets: [] }],
  ['postgresql://me@[fd00::1]:6000/sandport', { endpoints: [{ host: 'fd00::1', port: 6000 }], unixSockets: [] }],
  ['mariadb://me@10.0.0.1/sandport', { endpoints: [{ host: '10.0.0.1', port: 3306 }], unixSockets: [] }],
  ['postgres://me@/sandport?host=/run/postgresql', { endpoints: [], unixSockets: ['/run/postgresql/.s.PGSQL.5432'] }],
  ['mysql://me@/sandport?host=/run/mysqld/mysqld.sock', { endpoints: [], unixSockets: ['/run/mysqld/mysqld.sock'] }],
])('settings at %s', (settings, expected) => {
  expect(deploymentPlaces({ config: {}, settings, environment: {} })).toEqual(expected);
});

test('what signs people in and the engine of the environment are named by whoever deploys', () => {
  const openId = {
    issuer: 'https://id.house',
    clientId: 'x',
    name: 'x',
    scope: 'openid',
    roleClaim: 'groups',
    roles: { admin: ['a'], operator: [], viewer: [] },
  };
  const places = deploymentPlaces({ config: { openId }, settings: 'x.sqlite', environment: { DOCKER_HOST: 'tcp://engine:2376' } });
  expect(places.endpoints).toEqual([
    { host: 'id.house', port: 443 },
    { host: 'engine', port: 2376 },
  ]);
});
