import { API_BASE, type RouteAccess } from '@sandport/admin-api';

/** Who may call, in the words of the description: a role stands for those above it, too. */
export const MAY_CALL: Readonly<Record<RouteAccess, readonly string[] | 'everybody'>> = {
  everybody: 'everybody',
  'signed-in': [],
  viewer: ['viewer'],
  operator: ['operator'],
  admin: ['admin'],
};

/** Groups of the description, by the first part of a path that decides. The first that fits holds. */
const TAGS: readonly (readonly [string, readonly string[]])[] = [
  ['signing in', ['/session', '/first-account', '/invitations', '/openid/', '/account/']],
  ['people and tokens', ['/accounts', '/tokens']],
  ['configuration', ['/sandbox/installation', '/sandbox/versions', '/sandbox/drafts', '/sandbox/differences', '/sandbox/audit']],
  ['trials and programs', ['/sandbox/trial', '/sandbox/passports', '/sandbox/executions', '/sandbox/corpus', '/sandbox/comparisons']],
  ['operation', ['/sandbox/health', '/sandbox/usage', '/openapi.json']],
  ['providers and the predecessor', ['/sandbox/providers', '/sandbox/config', '/sandbox/test']],
];

/**
 * The group in which a route of the API is described; what stands beside the API is the page.
 *
 * @throws Error for a path of the API that has no group, when it is described.
 */
export function tagOf(path: string): string {
  if (!path.startsWith(API_BASE)) return 'page';
  const rest = path.slice(API_BASE.length);
  const tag = TAGS.find(([, beginnings]) => beginnings.some((beginning) => rest.startsWith(beginning)))?.[0];
  if (tag === undefined) throw new Error(`The description of the API has no group for ${path}.`);
  return tag;
}
