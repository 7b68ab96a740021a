import type { PeopleStore } from '@sandport/settings';
import type { FastifyBaseLogger } from 'fastify';
import type { FirstAccountDoor } from '../access/first-account-door.ts';
import type { Passwords } from '../access/passwords.ts';
import type { Sessions } from '../access/sessions.ts';
import type { SignInThrottle } from '../access/sign-in-throttle.ts';
import type { OpenIdSignIn } from '../openid/openid-sign-in.ts';
import type { RefusalRecord } from './refusal-record.ts';

/** What the routes about who may enter work with. */
export interface PeopleService {
  readonly people: PeopleStore;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
  readonly refusals: RefusalRecord;
  readonly firstAccount: FirstAccountDoor;
  /** Absent where nobody signs in that way. */
  readonly openId: OpenIdSignIn | undefined;
  /** How long the link of an invitation is good for. */
  readonly invitationMs: number;
  readonly now: () => number;
  /** Where browsers reach this server, without a path. */
  readonly origin: () => string;
  readonly version: string;
  readonly log: FastifyBaseLogger;
}
