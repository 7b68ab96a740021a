import type { Call } from '../call.ts';
import { ConnectError, HttpError } from '../service-error.ts';

/** Users of every template. Each has `/home/user` for its home, and runs programs as the user of the fake's own process. */
const USERS = new Set(['user', 'root']);

const DEFAULT_USER = 'user';

/** The user that a call of a procedure names: the name of an `Authorization: Basic` without a password. */
export function callingUser(call: Call): string {
  const basic = /^Basic (.+)$/i.exec(call.request.headers.get('authorization') ?? '')?.[1];
  if (basic === undefined) return DEFAULT_USER;
  const user = Buffer.from(basic, 'base64').toString().split(':')[0] ?? '';
  if (user === '') return DEFAULT_USER;
  if (!USERS.has(user)) throw new ConnectError('unauthenticated', `invalid username: '${user}'`);
  return user;
}

/** The user that a transfer of a file names in its query. */
export function transferringUser(call: Call): string {
  const user = call.query.get('username') ?? '';
  if (user === '') return callingUser(call);
  if (!USERS.has(user)) throw new HttpError(401, `error looking up user '${user}'`);
  return user;
}
