import { expect, test } from 'vitest';
import { roleOfClaims } from './role-of-claims.ts';

const roles = { admin: ['chiefs'], operator: ['crew', 'pilots'], viewer: ['guests'] };

test.each([
  ['a list', { groups: ['crew', 'others'] }, 'groups', 'operator'],
  ['the highest of several', { groups: ['guests', 'pilots', 'chiefs'] }, 'groups', 'admin'],
  ['a text', { groups: 'guests' }, 'groups', 'viewer'],
  ['what lies deeper', { realm: { access: ['crew'] } }, 'realm.access', 'operator'],
  ['a name with dots of its own', { 'https://house.example/roles': ['crew'] }, 'https://house.example/roles', 'operator'],
  ['other values', { groups: ['Chiefs', 'chiefs '] }, 'groups', undefined],
  ['another claim', { roles: ['chiefs'] }, 'groups', undefined],
  ['no texts', { groups: [{ chiefs: true }, null, 1] }, 'groups', undefined],
  ['the prototype of everything', {}, 'constructor.name', undefined],
  ['nothing', { groups: null }, 'groups.chiefs', undefined],
])('%s gives a role, or none', (_what, claims, roleClaim, role) => {
  expect(roleOfClaims(claims, { roleClaim, roles })).toBe(role);
});
