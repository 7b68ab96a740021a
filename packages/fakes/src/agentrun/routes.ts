import type { AgentRunOperation, AgentRunPlane, ControlOperation, DataOperation } from './agent-run-operation.ts';

/** Version of the control plane's API: a header, and the first part of its paths. */
export const CONTROL_VERSION = '2025-09-10';

type RouteTable<Operation extends string> = readonly (readonly [Operation, string, string])[];

const controlRoutes: RouteTable<ControlOperation> = [
  ['CreateTemplate', 'POST', '/templates'],
  ['ListTemplates', 'GET', '/templates'],
  ['GetTemplate', 'GET', '/templates/{template}'],
  ['UpdateTemplate', 'PUT', '/templates/{template}'],
  ['DeleteTemplate', 'DELETE', '/templates/{template}'],
  ['CreateSandbox', 'POST', '/sandboxes'],
  ['ListSandboxes', 'GET', '/sandboxes'],
  ['GetSandbox', 'GET', '/sandboxes/{sandbox}'],
  ['StopSandbox', 'POST', '/sandboxes/{sandbox}/stop'],
  ['DeleteSandbox', 'DELETE', '/sandboxes/{sandbox}'],
  ['PauseSandbox', 'PUT', '/sandboxes/{sandbox}/pause'],
  ['ResumeSandbox', 'PUT', '/sandboxes/{sandbox}/resume'],
  ['GetAccessToken', 'GET', '/agents/accessToken'],
];

const dataRoutes: RouteTable<DataOperation> = [
  ['CreateSandbox', 'POST', '/sandboxes'],
  ['GetSandbox', 'GET', '/sandboxes/{sandbox}'],
  ['StopSandbox', 'POST', '/sandboxes/{sandbox}/stop'],
  ['DeleteSandbox', 'DELETE', '/sandboxes/{sandbox}'],
  ['CheckHealth', 'GET', '/sandboxes/{sandbox}/health'],
  ['ListContexts', 'GET', '/sandboxes/{sandbox}/contexts'],
  ['CreateContext', 'POST', '/sandboxes/{sandbox}/contexts'],
  ['ExecuteCode', 'POST', '/sandboxes/{sandbox}/contexts/execute'],
  ['GetContext', 'GET', '/sandboxes/{sandbox}/contexts/{item}'],
  ['DeleteContext', 'DELETE', '/sandboxes/{sandbox}/contexts/{item}'],
  ['ReadFile', 'GET', '/sandboxes/{sandbox}/files'],
  ['WriteFile', 'POST', '/sandboxes/{sandbox}/files'],
  ['ListDirectory', 'GET', '/sandboxes/{sandbox}/filesystem'],
  ['StatFile', 'GET', '/sandboxes/{sandbox}/filesystem/stat'],
  ['MakeDirectory', 'POST', '/sandboxes/{sandbox}/filesystem/mkdir'],
  ['MoveFile', 'POST', '/sandboxes/{sandbox}/filesystem/move'],
  ['RemoveFile', 'POST', '/sandboxes/{sandbox}/filesystem/remove'],
  ['UploadFile', 'POST', '/sandboxes/{sandbox}/filesystem/upload'],
  ['DownloadFile', 'GET', '/sandboxes/{sandbox}/filesystem/download'],
  ['RunCommand', 'POST', '/sandboxes/{sandbox}/processes/cmd'],
  ['ListProcesses', 'GET', '/sandboxes/{sandbox}/processes'],
  ['GetProcess', 'GET', '/sandboxes/{sandbox}/processes/{item}'],
  ['KillProcess', 'DELETE', '/sandboxes/{sandbox}/processes/{item}'],
];

/** What a request is for. */
export interface RouteMatch {
  readonly plane: AgentRunPlane | undefined;
  readonly operation: AgentRunOperation | undefined;
  /** What the path names, decoded. */
  readonly templateName: string | undefined;
  readonly sandboxId: string | undefined;
  readonly itemId: string | undefined;
}

interface Route {
  readonly operation: AgentRunOperation;
  readonly method: string;
  readonly parts: readonly string[];
}

const toRoutes = (table: RouteTable<AgentRunOperation>): Route[] =>
  table.map(([operation, method, path]) => ({ operation, method, parts: path.split('/').slice(1) }));

const routes: Readonly<Record<AgentRunPlane, readonly Route[]>> = { control: toRoutes(controlRoutes), data: toRoutes(dataRoutes) };

/** Finds what a request is for. A path that is nobody's, and one that cannot be decoded, has no operation. */
export function matchRoute(method: string, path: string): RouteMatch {
  const all = path.split('/').slice(1);
  const plane = all[0] === CONTROL_VERSION ? 'control' : all[0] === 'sandboxes' ? 'data' : undefined;
  const parts = plane === 'control' ? all.slice(1) : all;
  const route = plane === undefined ? undefined : routes[plane].find((candidate) => candidate.method === method && fits(candidate, parts));
  const named = (placeholder: string): string | undefined => {
    const index = route?.parts.indexOf(placeholder) ?? -1;
    return index < 0 ? undefined : decodePart(parts[index] ?? '');
  };
  return { plane, operation: route?.operation, templateName: named('{template}'), sandboxId: named('{sandbox}'), itemId: named('{item}') };
}

function fits(route: Route, parts: readonly string[]): boolean {
  return (
    route.parts.length === parts.length &&
    route.parts.every((part, index) => (part.startsWith('{') ? decodePart(parts[index] ?? '') !== undefined : part === parts[index]))
  );
}

/** A part of a path without its percent signs. Nothing when it is empty or not well encoded. */
function decodePart(part: string): string | undefined {
  if (part === '' || /%(?![0-9a-f]{2})/i.test(part)) return undefined;
  return Buffer.from(
    part.replaceAll(/%([0-9a-f]{2})/gi, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  ).toString();
}
