import type { ReceivedRequest } from '../http/received-request.ts';
import type { E2bFault } from './e2b-fault.ts';
import type { FakeE2bRequestRecord } from './fake-e2b.ts';
import type { RouteMatch } from './routes.ts';

/** A record while its request is being answered. */
export type OpenRecord = { -readonly [Key in keyof FakeE2bRequestRecord]: FakeE2bRequestRecord[Key] };

/** Values of the query that are secrets where they come. */
const secretParameter = /((?:^|&)signature=)[^&]*/gi;

export function openRecord(request: ReceivedRequest, route: RouteMatch, faults: readonly E2bFault[]): OpenRecord {
  const query = request.queryText.replaceAll(secretParameter, '$1…');
  return {
    plane: route.plane,
    operation: route.operation,
    method: request.method,
    path: query === '' ? request.path : `${request.path}?${query}`,
    sandboxId: route.sandboxId,
    authenticated: false,
    status: undefined,
    faults: faults.map(({ kind }) => kind),
    abandoned: false,
  };
}
