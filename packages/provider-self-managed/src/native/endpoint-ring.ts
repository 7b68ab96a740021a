import type { Endpoint } from '../http/endpoint.ts';

/** How long an executor that could not be reached is asked last. */
const PASSED_OVER_MS = 10_000;

/** Executors that take turns, those first that are not known to be in trouble. */
export class EndpointRing {
  readonly #endpoints: readonly Endpoint[];
  readonly #now: () => number;
  readonly #troubledUntil = new Map<Endpoint, number>();
  #next = 0;

  constructor(endpoints: readonly Endpoint[], now: () => number = () => performance.now()) {
    this.#endpoints = endpoints;
    this.#now = now;
  }

  /** All of them, in the order in which they are to be asked this time. */
  inTurn(): Endpoint[] {
    const turned = this.#endpoints.map((_, index) => this.#endpoints[(this.#next + index) % this.#endpoints.length]).filter(isEndpoint);
    this.#next = (this.#next + 1) % this.#endpoints.length;
    const isTroubled = (endpoint: Endpoint): boolean => (this.#troubledUntil.get(endpoint) ?? 0) > this.#now();
    return [...turned.filter((endpoint) => !isTroubled(endpoint)), ...turned.filter(isTroubled)];
  }

  noteTrouble(endpoint: Endpoint): void {
    this.#troubledUntil.set(endpoint, this.#now() + PASSED_OVER_MS);
  }

  noteWell(endpoint: Endpoint): void {
    this.#troubledUntil.delete(endpoint);
  }
}

function isEndpoint(endpoint: Endpoint | undefined): endpoint is Endpoint {
  return endpoint !== undefined;
}
