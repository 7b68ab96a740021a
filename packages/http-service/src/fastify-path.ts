/** A path of the API in the framework's own spelling: `{sandbox}` is `:sandbox` there. */
export function fastifyPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
