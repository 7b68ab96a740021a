/** How a route is called in the description of the API. */
export function describeRoute(operationId: string, summary: string): { readonly operationId: string; readonly summary: string } {
  return { operationId, summary };
}

/** Groups of the description, each with what the paths in it have in common; the first that fits holds. */
const TAGS: readonly (readonly [string, RegExp])[] = [
  ['contexts', /\/contexts/],
  ['files', /\/file$/],
  ['sandboxes', /\/sandboxes/],
  ['executions', /\/executions/],
  ['service', /\/capabilities$/],
];

/**
 * The group in which a route is described.
 *
 * @throws Error for a path of no group, at the start of the server.
 */
export function tagOf(path: string): string {
  const tag = TAGS.find(([, fits]) => fits.test(path))?.[0];
  if (tag === undefined) throw new Error(`The description of the API has no group for ${path}.`);
  return tag;
}
