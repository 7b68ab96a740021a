import { ENDPOINTS, ROUTES, type Endpoint, type RouteName } from '@sandport/admin-api';
import type { ServedHandlers } from '../../src/server/served-handlers.ts';

/** A call, as a handler was given it. */
export interface SeenCall {
  readonly name: RouteName;
  readonly call: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
    readonly caller: unknown;
    readonly signal: AbortSignal;
  };
}

type Emit = (event: { readonly type: string }) => Promise<void>;

/** Handlers that do nothing but write down what they were given; those of given names do what the test says. */
export function standInHandlers(
  seen: SeenCall[] = [],
  own: Partial<Record<RouteName, (call: SeenCall['call'], emit: Emit) => Promise<unknown>>> = {},
): ServedHandlers {
  const all = (Object.keys(ROUTES) as RouteName[]).map((name) => {
    const endpoint: Endpoint = ENDPOINTS[name];
    const handler = async (call: SeenCall['call'], emit: Emit): Promise<unknown> => {
      seen.push({ name, call });
      const ownHandler = own[name];
      if (ownHandler !== undefined) return ownHandler(call, emit);
      if (endpoint.event !== undefined) await emit({ type: 'alive' });
      return endpoint.answer === undefined ? undefined : { stoodInFor: name };
    };
    return [name, handler] as const;
  });
  // What they answer is no answer of the routes: it is looked at by these tests alone.
  return Object.fromEntries(all) as unknown as ServedHandlers;
}
