import type { FakeRequestRecord } from './fake-agent-run.ts';
import type { AgentRunFault } from './agent-run-fault.ts';
import type { ReceivedRequest } from '../http/received-request.ts';
import type { RouteMatch } from './routes.ts';

/** A record while its request is being answered. */
export type OpenRecord = { -readonly [Key in keyof FakeRequestRecord]: FakeRequestRecord[Key] };

/** Values of the query that are secrets where they come. */
const secretParameter = /((?:^|&)(?:authorization|accesstoken|token|signature)=)[^&]*/gi;

export function openRecord(request: ReceivedRequest, route: RouteMatch, faults: readonly AgentRunFault[]): OpenRecord {
  const query = request.queryText.replaceAll(secretParameter, '$1…');
  return {
    plane: route.plane,
    operation: route.operation,
    method: request.method,
    path: query === '' ? request.path : `${request.path}?${query}`,
    sandboxId: route.sandboxId,
    templateName: route.templateName,
    authenticated: false,
    authentication: undefined,
    status: undefined,
    errorCode: undefined,
    faults: faults.map(({ kind }) => kind),
    abandoned: false,
  };
}
