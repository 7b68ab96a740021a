/** What has to hold of a call beside its method and path. */
export type CallKind =
  /** Nothing more. */
  | 'plain'
  /** The image is one of those that may be started. */
  | 'image'
  /** Only what has our label is told: the label is added to the filters. */
  | 'list'
  /** As `list`, and only of containers. */
  | 'events'
  /** The body is a container of ours. */
  | 'create-container'
  /** The body is a lease. */
  | 'create-volume'
  /** The container that is named has our label. */
  | 'container'
  /** As `container`, and the connection becomes a stream. */
  | 'attach'
  /** The volume that is named has our label. */
  | 'volume';

/** One call of the Docker Engine API that passes. */
export interface AllowedCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{}` stands for a name. */
  readonly path: string;
  readonly kind: CallKind;
  /** What the query may say, and how. */
  readonly query: Readonly<Record<string, RegExp>>;
}

const flag = /^(?:1|true)$/;
const filters = /^\{.*\}$/s;
const nameInPath = '([A-Za-z0-9][A-Za-z0-9_.-]*)';
// Slashes of an image's name may come as they are.
const imageInPath = '([A-Za-z0-9][A-Za-z0-9_.:/-]*)';

/** Everything that a docker provider asks of its engine. An engine test records its calls and holds them against this list. */
export const ALLOWED_CALLS: readonly AllowedCall[] = [
  { method: 'GET', path: '/info', kind: 'plain', query: {} },
  { method: 'GET', path: '/version', kind: 'plain', query: {} },
  { method: 'GET', path: '/events', kind: 'events', query: { filters } },
  { method: 'GET', path: '/images/{}/json', kind: 'image', query: {} },
  { method: 'GET', path: '/containers/json', kind: 'list', query: { all: flag, filters } },
  { method: 'POST', path: '/containers/create', kind: 'create-container', query: { name: /^sandport-[a-z0-9-]+$/ } },
  { method: 'GET', path: '/containers/{}/json', kind: 'container', query: {} },
  { method: 'POST', path: '/containers/{}/start', kind: 'container', query: {} },
  { method: 'POST', path: '/containers/{}/attach', kind: 'attach', query: { stream: flag, stdin: flag, stdout: flag, stderr: flag } },
  { method: 'DELETE', path: '/containers/{}', kind: 'container', query: { force: flag, v: flag } },
  { method: 'GET', path: '/volumes', kind: 'list', query: { filters } },
  { method: 'POST', path: '/volumes/create', kind: 'create-volume', query: {} },
  { method: 'DELETE', path: '/volumes/{}', kind: 'volume', query: {} },
];

/** A call that is among the allowed ones. */
export interface MatchedCall {
  readonly call: AllowedCall;
  /** What stands for `{}`; empty where nothing does. */
  readonly name: string;
  readonly query: URLSearchParams;
}

/** Finds the allowed call that a request is, or nothing. A path with anything encoded, doubled or dotted matches none. */
export function matchCall(method: string, target: string): MatchedCall | undefined {
  const [path = '', queryText = '', ...rest] = target.split('?');
  if (rest.length > 0) return undefined;
  for (const call of ALLOWED_CALLS) {
    const match = call.method === method ? patternOf(call).exec(path) : null;
    const query = match === null ? undefined : readQuery(call, new URLSearchParams(queryText));
    if (match === null || query === undefined) continue;
    const name = match[1] ?? '';
    return name.includes('..') ? undefined : { call, name, query };
  }
  return undefined;
}

function patternOf({ path, kind }: AllowedCall): RegExp {
  return new RegExp(`^${path.replace('{}', kind === 'image' ? imageInPath : nameInPath)}$`);
}

/** What goes on of a query; nothing when it says what is not allowed. */
function readQuery({ query: allowed }: AllowedCall, asked: URLSearchParams): URLSearchParams | undefined {
  const known = [...asked].filter(([name]) => Object.hasOwn(allowed, name));
  if (known.length < asked.size) return undefined;
  const isAllowed =
    new Set(known.map(([name]) => name)).size === known.length && known.every(([name, value]) => allowed[name]?.test(value));
  return isAllowed ? new URLSearchParams(known) : undefined;
}
