import type { BodyOf, EventOf, PathParametersOf, QueryOf, RouteName } from '@sandport/admin-api';

type ParametersPart<Name extends RouteName> = keyof PathParametersOf<Name> extends never
  ? { readonly params?: undefined }
  : { readonly params: PathParametersOf<Name> };

type QueryPart<Name extends RouteName> =
  QueryOf<Name> extends undefined
    ? { readonly query?: undefined }
    : { readonly query?: { readonly [Key in keyof QueryOf<Name>]?: string | number | undefined } };

type BodyPart<Name extends RouteName> = BodyOf<Name> extends undefined ? { readonly body?: undefined } : { readonly body: BodyOf<Name> };

/** What is sent to a route. */
export type ApiInput<Name extends RouteName> = ParametersPart<Name> &
  QueryPart<Name> &
  BodyPart<Name> & {
    /** Ends the call. */
    readonly signal?: AbortSignal | undefined;
    /** How long an answer may take; for one that is followed, how long its beginning may take. @default 20000 */
    readonly timeoutMs?: number;
  };

/** Routes whose answer is followed line by line. */
export type FollowedRouteName = { [Name in RouteName]: EventOf<Name> extends undefined ? never : Name }[RouteName];
