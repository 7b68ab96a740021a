/** What all paths of the API begin with. It is the predecessor's, whose page and scripts find its routes here. */
export const API_BASE = '/api/v1/admin';

/** What an account may do, from the least to the most: each may also do what those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** A member of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Who may call a route: everybody, everybody who is signed in whatever the role, or a role and those above it. */
export type RouteAccess = 'everybody' | 'signed-in' | Role;

/** One route of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{…}` for what is filled in. */
  readonly path: string;
  readonly access: RouteAccess;
}

const session = `${API_BASE}/session`;
const accounts = `${API_BASE}/accounts`;
const tokens = `${API_BASE}/tokens`;
const sandbox = `${API_BASE}/sandbox`;

/**
 * Every route, by name. The server serves these and no others, the page calls them, and the tests try each role on each of them.
 *
 * Reading is for viewers; what costs money or changes what agents get is for operators; people, tokens and setting a policy aside is for admins.
 */
export const ROUTES = {
  readSession: { method: 'GET', path: session, access: 'everybody' },
  signIn: { method: 'POST', path: session, access: 'everybody' },
  signOut: { method: 'DELETE', path: session, access: 'signed-in' },
  createFirstAccount: { method: 'POST', path: `${API_BASE}/first-account`, access: 'everybody' },
  redeemInvitation: { method: 'POST', path: `${API_BASE}/invitations`, access: 'everybody' },
  beginOpenIdSignIn: { method: 'GET', path: `${API_BASE}/openid/start`, access: 'everybody' },
  finishOpenIdSignIn: { method: 'GET', path: `${API_BASE}/openid/callback`, access: 'everybody' },
  changePassword: { method: 'PUT', path: `${API_BASE}/account/password`, access: 'signed-in' },

  listAccounts: { method: 'GET', path: accounts, access: 'admin' },
  inviteAccount: { method: 'POST', path: accounts, access: 'admin' },
  changeAccount: { method: 'PATCH', path: `${accounts}/{account}`, access: 'admin' },
  removeAccount: { method: 'DELETE', path: `${accounts}/{account}`, access: 'admin' },
  listTokens: { method: 'GET', path: tokens, access: 'admin' },
  createToken: { method: 'POST', path: tokens, access: 'admin' },
  revokeToken: { method: 'DELETE', path: `${tokens}/{token}`, access: 'admin' },

  // The five of the predecessor.
  listProviders: { method: 'GET', path: `${sandbox}/providers`, access: 'viewer' },
  readProviderSchema: { method: 'GET', path: `${sandbox}/providers/{provider}/schema`, access: 'viewer' },
  readConfig: { method: 'GET', path: `${sandbox}/config`, access: 'viewer' },
  writeConfig: { method: 'POST', path: `${sandbox}/config`, access: 'operator' },
  testConfig: { method: 'POST', path: `${sandbox}/test`, access: 'operator' },

  readInstallation: { method: 'GET', path: `${sandbox}/installation`, access: 'viewer' },
  describeProvider: { method: 'GET', path: `${sandbox}/providers/{provider}`, access: 'viewer' },
  listVersions: { method: 'GET', path: `${sandbox}/versions`, access: 'viewer' },
  readVersion: { method: 'GET', path: `${sandbox}/versions/{version}`, access: 'viewer' },
  compareVersions: { method: 'GET', path: `${sandbox}/differences`, access: 'viewer' },
  foreseeActivation: { method: 'GET', path: `${sandbox}/versions/{version}/consequences`, access: 'viewer' },
  createDraft: { method: 'POST', path: `${sandbox}/drafts`, access: 'operator' },
  discardDraft: { method: 'DELETE', path: `${sandbox}/drafts/{version}`, access: 'operator' },
  activateVersion: { method: 'POST', path: `${sandbox}/versions/{version}/activation`, access: 'operator' },
  rollBack: { method: 'POST', path: `${sandbox}/versions/{version}/return`, access: 'operator' },
  setPolicyAside: { method: 'POST', path: `${sandbox}/versions/{version}/override`, access: 'admin' },
  tryConfiguration: { method: 'POST', path: `${sandbox}/trials`, access: 'operator' },
  listTrialCases: { method: 'GET', path: `${sandbox}/trial-cases`, access: 'viewer' },
  listPassports: { method: 'GET', path: `${sandbox}/passports`, access: 'viewer' },
  listAudit: { method: 'GET', path: `${sandbox}/audit`, access: 'viewer' },
  readUsage: { method: 'GET', path: `${sandbox}/usage`, access: 'viewer' },
  readHealth: { method: 'GET', path: `${sandbox}/health`, access: 'operator' },
  executeProgram: { method: 'POST', path: `${sandbox}/executions`, access: 'operator' },
  listCorpus: { method: 'GET', path: `${sandbox}/corpus`, access: 'viewer' },
  compareConfigurations: { method: 'POST', path: `${sandbox}/comparisons`, access: 'operator' },

  describeApi: { method: 'GET', path: `${API_BASE}/openapi.json`, access: 'viewer' },
} as const satisfies Readonly<Record<string, Route>>;

/** Name of a route. */
export type RouteName = keyof typeof ROUTES;

type ParametersIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParametersIn<Rest> : never;

/** What is filled into the path of a route. */
export type PathParametersOf<Name extends RouteName> = Readonly<Record<ParametersIn<(typeof ROUTES)[Name]['path']>, string | number>>;

/** A path with everything filled in and escaped. */
export function pathOf<Name extends RouteName>(name: Name, parameters: PathParametersOf<Name>): string {
  const values: Readonly<Record<string, string | number>> = parameters;
  return ROUTES[name].path.replace(/\{(\w+)\}/g, (_all, part: string) => encodeURIComponent(String(values[part] ?? '')));
}

/** Every change that a browser asks for with its session carries the token of that session here; scripts that show an API token need none. */
export const CSRF_HEADER = 'sandport-csrf-token';

/** Answers that are followed: one JSON document a line. */
export const EVENTS_MEDIA_TYPE = 'application/x-ndjson';

/** Where the page of the predecessor was, and ours is. */
export const PAGE_PATH = '/admin/sandbox-settings';
