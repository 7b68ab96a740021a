import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    routeTable: RouteTable;
  }
}

/** A route, as it was added. */
export interface TableRoute {
  readonly method: string;
  /** With `:name` for what is filled in. */
  readonly path: string;
}

/** Every route that is added from now on. */
export class RouteTable {
  readonly #routes: TableRoute[] = [];

  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) this.#routes.push({ method: name, path: url });
    });
  }

  get routes(): readonly TableRoute[] {
    return this.#routes;
  }

  /** The methods that there are for a path that somebody asked for. */
  methodsOf(url: string): readonly string[] {
    const parts = partsOf(url.split('?', 1)[0] ?? '');
    const methods = this.#routes.filter(({ path }) => isLike(partsOf(path), parts)).map(({ method }) => method);
    return [...new Set(methods)].toSorted();
  }
}

function partsOf(path: string): readonly string[] {
  return path.replace(/^https?:\/\/[^/]*/, '').split('/');
}

function isLike(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length && pattern.every((part, index) => (part.startsWith(':') ? parts[index] !== '' : part === parts[index]))
  );
}
