import type { ReceivedRequest } from '../http/received-request.ts';
import type { E2bControlOperation, E2bEnvdOperation, E2bInterpreterOperation, E2bOperation, E2bPlane } from './e2b-operation.ts';
import type { E2bDialect } from './fake-e2b.ts';

export const ENVD_PORT = 49983;
export const INTERPRETER_PORT = 49999;

type Route<Operation> = readonly [Operation, string, string, E2bDialect?];

const controlRoutes: readonly Route<E2bControlOperation>[] = [
  ['CreateSandbox', 'POST', '/sandboxes', 'v1'],
  ['CreateSandbox', 'POST', '/v2/sandboxes', 'v2'],
  ['ConnectSandbox', 'POST', '/sandboxes/{sandbox}/connect', 'v1'],
  ['ConnectSandbox', 'POST', '/v2/sandboxes/{sandbox}/connect', 'v2'],
  ['ListSandboxes', 'GET', '/sandboxes'],
  ['ListSandboxes', 'GET', '/v2/sandboxes'],
  ['GetSandbox', 'GET', '/sandboxes/{sandbox}'],
  ['KillSandbox', 'DELETE', '/sandboxes/{sandbox}'],
  ['SetTimeout', 'POST', '/sandboxes/{sandbox}/timeout'],
  ['PauseSandbox', 'POST', '/sandboxes/{sandbox}/pause'],
  ['GetMetrics', 'GET', '/sandboxes/{sandbox}/metrics'],
  ['UpdateNetwork', 'PUT', '/sandboxes/{sandbox}/network'],
];

const envdRoutes: readonly Route<E2bEnvdOperation>[] = [
  ['CheckHealth', 'GET', '/health'],
  ['ReadFile', 'GET', '/files'],
  ['WriteFile', 'POST', '/files'],
  ['StartProcess', 'POST', '/process.Process/Start'],
  ['ConnectProcess', 'POST', '/process.Process/Connect'],
  ['ListProcesses', 'POST', '/process.Process/List'],
  ['SendInput', 'POST', '/process.Process/SendInput'],
  ['StreamInput', 'POST', '/process.Process/StreamInput'],
  ['CloseStdin', 'POST', '/process.Process/CloseStdin'],
  ['SendSignal', 'POST', '/process.Process/SendSignal'],
  ['UpdateProcess', 'POST', '/process.Process/Update'],
  ['StatFile', 'POST', '/filesystem.Filesystem/Stat'],
  ['ListDirectory', 'POST', '/filesystem.Filesystem/ListDir'],
  ['MakeDirectory', 'POST', '/filesystem.Filesystem/MakeDir'],
  ['MoveFile', 'POST', '/filesystem.Filesystem/Move'],
  ['RemoveFile', 'POST', '/filesystem.Filesystem/Remove'],
  ['WatchDirectory', 'POST', '/filesystem.Filesystem/WatchDir'],
];

const interpreterRoutes: readonly Route<E2bInterpreterOperation>[] = [
  ['CheckInterpreterHealth', 'GET', '/health'],
  ['ExecuteCode', 'POST', '/execute'],
  ['CreateContext', 'POST', '/contexts'],
  ['ListContexts', 'GET', '/contexts'],
  ['RestartContext', 'POST', '/contexts/{item}/restart'],
  ['RemoveContext', 'DELETE', '/contexts/{item}'],
];

const routes: Readonly<Record<E2bPlane, readonly Route<E2bOperation>[]>> = {
  control: controlRoutes,
  envd: envdRoutes,
  interpreter: interpreterRoutes,
};

/** What a request is for. */
export interface RouteMatch {
  /** Nothing when the port is none of the planes'. */
  readonly plane: E2bPlane | undefined;
  readonly operation: E2bOperation | undefined;
  /** The dialect whose route it is; nothing when it is both's. */
  readonly dialect: E2bDialect | undefined;
  readonly sandboxId: string | undefined;
  /** The port of the sandbox; nothing on the control plane. */
  readonly port: number | undefined;
  readonly itemId: string | undefined;
}

/** The sandbox and the port that headers or the host name. */
function findTarget(request: ReceivedRequest): { sandboxId: string | undefined; port: number } | undefined {
  const sandboxId = request.headers.get('e2b-sandbox-id');
  const port = request.headers.get('e2b-sandbox-port');
  if (sandboxId !== undefined && port !== undefined) return { sandboxId, port: Number(port) };
  const host = /^(\d+)-([a-z0-9-]+)\./i.exec(request.headers.get('host') ?? '');
  if (host !== null) return { sandboxId: host[2], port: Number(host[1]) };
  // A signed URL on an origin that all sandboxes share names none.
  return request.path === '/files' ? { sandboxId: undefined, port: ENVD_PORT } : undefined;
}

export function matchRoute(request: ReceivedRequest): RouteMatch {
  const target = findTarget(request);
  const plane =
    target === undefined ? 'control' : target.port === ENVD_PORT ? 'envd' : target.port === INTERPRETER_PORT ? 'interpreter' : undefined;
  const parts = request.path.split('/');
  const found = plane === undefined ? undefined : routes[plane].find(([, method, path]) => method === request.method && fits(path, parts));
  const named = (placeholder: string): string | undefined => {
    const index = found?.[2].split('/').indexOf(placeholder) ?? -1;
    return index < 0 ? undefined : parts[index];
  };
  return {
    plane,
    operation: found?.[0],
    dialect: found?.[3],
    sandboxId: target === undefined ? named('{sandbox}') : target.sandboxId,
    port: target?.port,
    itemId: named('{item}'),
  };
}

function fits(path: string, parts: readonly string[]): boolean {
  const wanted = path.split('/');
  return (
    wanted.length === parts.length && wanted.every((part, index) => (part.startsWith('{') ? parts[index] !== '' : part === parts[index]))
  );
}
