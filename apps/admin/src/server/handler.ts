import type { AnswerOf, CheckedBodyOf, CheckedQueryOf, EventOf, PathParametersOf, Role, RouteName } from '@sandport/admin-api';

/** Who calls. */
export interface Caller {
  readonly kind: 'account' | 'token';
  readonly id: string;
  /** As history and audit show it: the name of the account, or that of the token with its maker's. */
  readonly name: string;
  readonly role: Role;
}

/** One call of a route, checked: access, path, query and body. */
export interface Call<Name extends RouteName> {
  readonly params: PathParametersOf<Name>;
  readonly query: CheckedQueryOf<Name>;
  readonly body: CheckedBodyOf<Name>;
  readonly caller: Caller;
  /** Fires when the caller goes away, or the server stops. */
  readonly signal: AbortSignal;
}

/** Carries a call out. What it throws is answered as a problem. */
export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<AnswerOf<Name>>;

/** Carries out a call whose answer is followed. What it throws before the first event is answered as a problem, later as an event of the kind `error`. */
export type EventHandler<Name extends RouteName> = (call: Call<Name>, emit: (event: EventOf<Name>) => Promise<void>) => Promise<void>;

type RoutesWithEvents = { [Name in RouteName]: EventOf<Name> extends undefined ? never : Name }[RouteName];

/** How each of some routes is carried out. */
export type Handlers<Name extends RouteName> = {
  readonly [Each in Name]: Each extends RoutesWithEvents ? EventHandler<Each> : Handler<Each>;
};
