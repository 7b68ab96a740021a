/** How a route is called in the description of the API. */
export function describeRoute(operationId: string, summary: string): { readonly operationId: string; readonly summary: string } {
  return { operationId, summary };
}
