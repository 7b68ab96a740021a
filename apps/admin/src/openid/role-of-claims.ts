import type { PersonRole } from '@sandport/settings';
import type { OpenIdConfig } from './openid-config.ts';

const DOWNWARDS: readonly PersonRole[] = ['admin', 'operator', 'viewer'];

/** The highest role that claims give; nothing for somebody who may not enter. */
export function roleOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { roleClaim, roles }: Pick<OpenIdConfig, 'roleClaim' | 'roles'>,
): PersonRole | undefined {
  const values = [valueAt(claims, roleClaim)].flat().filter((value) => typeof value === 'string');
  return DOWNWARDS.find((role) => roles[role].some((value) => values.includes(value)));
}

/** Names of claims may be addresses, which have dots of their own. */
function valueAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
