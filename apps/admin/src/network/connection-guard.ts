import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { JsonObject, ProviderDefinition } from '@sandport/core';
import { addressesIn, type ConfigAddress } from './config-addresses.ts';
import { ConnectionRules, type ConnectionRefusal, type ConnectionRulesOptions } from './connection-rules.ts';
import { connectionRefused, holdConnectionsTo } from './guarded-connect.ts';

/** How long a name may take at the door. One that takes longer is judged when it is connected to. */
const LOOKUP_TIMEOUT_MS = 5000;

/** Gives all addresses of a host. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** See {@link ConnectionRulesOptions}. */
export interface ConnectionGuardOptions extends ConnectionRulesOptions {
  /** @default the resolver of the system */
  readonly resolve?: ResolveHost | undefined;
}

/**
 * Keeps this program from being turned against the network that it is in. Operators give it addresses, and it connects to them: never to where clouds keep credentials, and into private networks
 * only as far as its deployment allows.
 */
export class ConnectionGuard {
  readonly #rules: ConnectionRules;
  readonly #resolve: ResolveHost;

  /** @throws SandboxError `CONFIG_INVALID` naming a network that is none. */
  constructor({ resolve = resolveBySystem, ...options }: ConnectionGuardOptions = {}) {
    this.#rules = new ConnectionRules(options);
    this.#resolve = resolve;
  }

  /** Holds every connection that this process begins to the rules, until it is disposed of. */
  install(): Disposable {
    return holdConnectionsTo(this.#rules);
  }

  /**
   * Looks at the addresses of a configuration before anything is tried with it, so that an operator is told the field. What a name leads to may change until it is connected to: what counts
   * is said then.
   *
   * @throws SandboxError `POLICY_VIOLATED` naming the field, what its address is and who can allow it; the signal's reason.
   */
  async checkAddresses(
    definition: ProviderDefinition,
    config: JsonObject,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    for (const address of addressesIn(definition, config)) {
      signal?.throwIfAborted();
      const refusal = await this.#refusalOf(address, signal);
      if (refusal !== undefined) throw connectionRefused(refusal, address.field);
    }
  }

  async #refusalOf(address: ConfigAddress, signal: AbortSignal | undefined): Promise<ConnectionRefusal | undefined> {
    if (address.path !== undefined) return this.#rules.refusalOfSocket(address.path);
    const { host, port } = address;
    const refusal = this.#rules.refusalOfHost(host, port);
    if (refusal !== undefined || isIP(host) !== 0) return refusal;
    const found = await this.#addressesOf(host, signal);
    return found.map((each) => this.#rules.refusalOfAddress(each, host, port)).find((each) => each !== undefined);
  }

  /** Nothing for a name that leads nowhere or takes too long: the provider says so in its own words. */
  async #addressesOf(host: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
    const over = new AbortController();
    const limits = [AbortSignal.timeout(LOOKUP_TIMEOUT_MS), over.signal, ...(signal === undefined ? [] : [signal])];
    const early = AbortSignal.any(limits);
    const given = new Promise<readonly string[]>((resolve) => early.addEventListener('abort', () => resolve([]), { once: true }));
    try {
      const [outcome] = await Promise.allSettled([Promise.race([this.#resolve(host), given])]);
      return outcome.status === 'fulfilled' ? outcome.value : [];
    } finally {
      over.abort();
    }
  }
}

async function resolveBySystem(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
