import type { AnswerOf, RouteName } from '@sandport/admin-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call, Caller, Handlers } from './handler.ts';

/** Routes about who may enter. */
export type PeopleRouteName =
  | 'readSession'
  | 'signIn'
  | 'signOut'
  | 'createFirstAccount'
  | 'redeemInvitation'
  | 'beginOpenIdSignIn'
  | 'finishOpenIdSignIn'
  | 'changePassword'
  | 'listAccounts'
  | 'inviteAccount'
  | 'changeAccount'
  | 'removeAccount'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken';

/** A call of a route about who may enter: not everybody who calls one has entered. */
export type PeopleCall<Name extends PeopleRouteName> = Omit<Call<Name>, 'caller'> & { readonly caller: Caller | null };

/** What a call came with and is answered by, for those few routes that set cookies or lead elsewhere. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** How the routes about who may enter are carried out. */
export type PeopleHandlers = {
  readonly [Name in PeopleRouteName]: (call: PeopleCall<Name>, exchange: Exchange) => Promise<AnswerOf<Name>>;
};

/** Routes that are not about people. The description of the API the server has by itself. */
export type ServedRouteName = Exclude<RouteName, PeopleRouteName | 'describeApi'>;

/** All handlers that a server is given. */
export type ServedHandlers = Handlers<ServedRouteName> & PeopleHandlers;
