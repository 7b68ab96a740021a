import { ENDPOINTS, ROLES, ROUTES, type Endpoint, type Role, type Route, type RouteAccess, type RouteName } from '@sandport/admin-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminUnderTest, type Entered } from '../admin-under-test.ts';

/** Somebody as whom a route is called. */
type Who = 'nobody' | Role | `token ${Role}` | 'nonsense cookie' | 'nonsense token';

const EVERYBODY: readonly Who[] = [
  'nobody',
  ...ROLES,
  ...ROLES.map((role) => `token ${role}` as const),
  'nonsense cookie',
  'nonsense token',
];

let served: AdminUnderTest;
const headersOf = new Map<Who, Readonly<Record<string, string>>>();

beforeAll(async () => {
  served = await AdminUnderTest.start();
  const admin = await served.enterAsFirst();
  const entered: Record<Role, Entered> = {
    admin,
    operator: await served.enterAsInvited(admin, 'an operator', 'operator'),
    viewer: await served.enterAsInvited(admin, 'a viewer', 'viewer'),
  };
  headersOf.set('nobody', {});
  headersOf.set('nonsense cookie', { cookie: `sandport-session=${'a'.repeat(43)}` });
  headersOf.set('nonsense token', { authorization: `Bearer sp_${'a'.repeat(43)}` });
  for (const role of ROLES) {
    headersOf.set(role, entered[role].headers);
    const made = await served.call('createToken', { body: { name: role, role, lifetimeDays: null }, headers: admin.headers });
    headersOf.set(`token ${role}`, { authorization: `Bearer ${(JSON.parse(made.body) as { secret: string }).secret}` });
  }
});

afterAll(async () => served[Symbol.asyncDispose]());

/** What the rule of a route means for somebody: let in, or refused with a status. */
function expectedOf(access: RouteAccess, who: Who): 'in' | 401 | 403 {
  if (who === 'nonsense token') return 401;
  if (access === 'everybody') return 'in';
  if (who === 'nobody' || who === 'nonsense cookie') return 401;
  const isToken = who.startsWith('token ');
  if (access === 'signed-in') return isToken ? 403 : 'in';
  const role = who.replace('token ', '') as Role;
  return ROLES.indexOf(role) >= ROLES.indexOf(access) ? 'in' : 403;
}

const routes = Object.entries(ROUTES) as [RouteName, Route][];

describe.each(routes)('%s', (name, { access, path }) => {
  test.each(EVERYBODY)('as %s', async (who) => {
    const parameters = Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, part = '']) => [part, '1']));
    const { body: schema }: Endpoint = ENDPOINTS[name];
    // A body that no schema takes: who is let in is refused by it, and nothing happens.
    const body = schema === undefined ? {} : { body: '[]' };
    // Who signs out would be out for the routes that come after.
    if (name === 'signOut' && expectedOf(access, who) === 'in')
      return expect((await served.call('readSession', { headers: headersOf.get(who) ?? {} })).status).toBe(200);
    const answer = await served.call(name, { ...body, parameters, headers: headersOf.get(who) ?? {} });
    const expected = expectedOf(access, who);
    if (expected === 'in') return expect([401, 403]).not.toContain(answer.status);
    return expect(answer.status, answer.body).toBe(expected);
  });
});

test('the rules are those that the house wants', () => {
  const openTo = (wanted: RouteAccess): string[] => routes.flatMap(([name, { access }]) => (access === wanted ? [name] : []));
  expect(openTo('everybody')).toEqual([
    'readSession',
    'signIn',
    'createFirstAccount',
    'redeemInvitation',
    'beginOpenIdSignIn',
    'finishOpenIdSignIn',
  ]);
  // Whatever changes something is nothing for viewers.
  for (const name of openTo('viewer')) expect(ROUTES[name as RouteName].method, name).toBe('GET');
});
